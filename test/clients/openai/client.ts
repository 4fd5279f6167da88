// The real `openai` package, pointed at the gateway, with its requests counted.
import OpenAI from "openai";
import { API_KEY, askedOf, countingFetch, GATEWAY_URL, newUser } from "../gateway.ts";
import type { ScriptName } from "../scripts.ts";

export interface Connection {
  readonly client: OpenAI;
  /** a question for a script, marked with a `user` of its own */
  readonly question: (script: ScriptName) => {
    readonly model: string;
    readonly user: string;
    readonly messages: { readonly role: "user"; readonly content: string }[];
  };
  /** how often the client asked the gateway */
  readonly requests: () => number;
  /** how often the gateway asked the model */
  readonly upstreamCalls: () => Promise<number>;
  readonly user: string;
}

export function connect(apiKey = API_KEY): Connection {
  const counting = countingFetch();
  const user = newUser();
  return {
    client: new OpenAI({ apiKey, baseURL: `${GATEWAY_URL}/v1`, fetch: counting.fetch }),
    question: (model) => ({ model, user, messages: [{ role: "user", content: "Can I return my lamp?" }] }),
    requests: counting.count,
    upstreamCalls: async () => (await askedOf(user)).length,
    user,
  };
}
