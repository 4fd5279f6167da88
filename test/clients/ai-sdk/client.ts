// The real `ai` package over `@ai-sdk/openai-compatible`, pointed at the gateway, with its requests counted.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LanguageModel } from "ai";
import { API_KEY, askedOf, countingFetch, GATEWAY_URL, newUser } from "../gateway.ts";
import type { ScriptName } from "../scripts.ts";

export interface Connection {
  readonly model: (script: ScriptName) => LanguageModel;
  /** marks the requests; goes into `providerOptions` */
  readonly providerOptions: { readonly gateway: { readonly user: string } };
  /** how often the client asked the gateway */
  readonly requests: () => number;
  /** how often the gateway asked the model */
  readonly upstreamCalls: () => Promise<number>;
}

export function connect(): Connection {
  const counting = countingFetch();
  const user = newUser();
  const provider = createOpenAICompatible({
    name: "gateway",
    apiKey: API_KEY,
    baseURL: `${GATEWAY_URL}/v1`,
    includeUsage: true,
    supportsStructuredOutputs: true,
    fetch: counting.fetch,
  });
  return {
    model: (script) => provider(script),
    providerOptions: { gateway: { user } },
    requests: counting.count,
    upstreamCalls: async () => (await askedOf(user)).length,
  };
}
