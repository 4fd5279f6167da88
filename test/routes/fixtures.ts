// A gateway whose guardrail flags «full refund» in answers and «open sesame» in inputs, and whose releases are made at once.
import { expect } from "vitest";
import { z } from "zod";
import { makeRelease } from "../../src/finetuning/make-release.ts";
import type { AppServices } from "../../src/middleware/app-services.ts";
import { phraseGuardrail } from "../fakes/phrase-guardrail.ts";
import { createGateway, type AskOptions, type Gateway, type GatewayOptions } from "../setup/gateway.ts";
import { says, scriptedUpstream } from "../setup/upstream.ts";

export const ANSWER = "You get a full refund today.";
export const ANALYSIS = "Money back today is more than the shop ever offered.";

function withFakes(services: AppServices): AppServices {
  const fast = [
    phraseGuardrail("full refund", "custom:refund"),
    phraseGuardrail("open sesame", "custom:sesame", { sides: ["input"] }),
  ];
  const builds = {
    start: async (projectId: string, id: string) => {
      await makeRelease(services.releaseMaking, projectId, id);
    },
  };
  return {
    ...services,
    completion: { ...services.completion, guardrails: { fast, slow: [] } },
    releaseRequests: { ...services.releaseRequests, builds },
  };
}

export interface Caller {
  readonly gateway: Gateway;
  readonly projectId: string;
  readonly key: string;
  readonly ask: Gateway["ask"];
  /** as `ask`, and the status with the JSON that came back */
  readonly json: (path: string, options?: AskOptions) => Promise<{ readonly status: number; readonly body: unknown }>;
  /** Has one mistake captured and analysed; its id. */
  readonly makeMistake: (prompt?: string) => Promise<string>;
}

const idSchema = z.looseObject({ id: z.string() });
const keySchema = z.looseObject({ key: z.string() });
const blockedSchema = z.looseObject({
  choices: z.tuple([z.looseObject({ setback: z.looseObject({ mistake_id: z.string() }) })]),
});

/** A caller with a key of a project that nobody else is in. */
export async function newCaller(options: GatewayOptions = {}, scopes: readonly string[] = ["admin"]): Promise<Caller> {
  const upstream = scriptedUpstream((request, signal) =>
    says(JSON.stringify(request.messages).includes("quoted-") ? ANALYSIS : ANSWER)(request, signal),
  );
  const gateway = createGateway({ upstream, change: withFakes, ...options });
  const project = await gateway.ask("/v1/projects", { body: { name: "a project" } });
  const { id: projectId } = idSchema.parse(await project.json());
  const made = await gateway.ask("/v1/keys", { body: { name: "a key", scopes, project_id: projectId } });
  const { key } = keySchema.parse(await made.json());
  const ask: Gateway["ask"] = async (path, asked) => await gateway.ask(path, { key, ...asked });
  return {
    gateway,
    projectId,
    key,
    ask,
    json: async (path, asked) => {
      const response = await ask(path, asked);
      const body: unknown = await response.json();
      return { status: response.status, body };
    },
    makeMistake: async (prompt = "Can I return my lamp?") => {
      const messages = [{ role: "user", content: prompt }];
      const response = await gateway.chat({ model: "stub-model", messages }, { key });
      const { choices } = blockedSchema.parse(await response.json());
      await gateway.drainCaptures();
      await gateway.drainAnalyses();
      return choices[0].setback.mistake_id;
    },
  };
}

/** Vitest types its matchers as any; in our shapes they are values nobody has seen yet. */
export const anyNumber: unknown = expect.any(Number);
export const anyText: unknown = expect.any(String);
export function idOf(prefix: string): unknown {
  return expect.stringMatching(new RegExp(`^${prefix}_[0-9a-z]{25}$`));
}

export const listSchema = z.strictObject({
  object: z.literal("list"),
  data: z.array(z.looseObject({ id: z.string() })),
  has_more: z.boolean(),
  next_cursor: z.string().nullable(),
});

/** All ids of a list, page by page. */
export async function walk(caller: Caller, path: string, limit: number): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor = "";
  for (let pages = 0; pages < 20; pages += 1) {
    const { body } = await caller.json(`${path}${path.includes("?") ? "&" : "?"}limit=${limit}${cursor}`);
    const page = listSchema.parse(body);
    ids.push(...page.data.map(({ id }) => id));
    if (!page.has_more) return ids;
    cursor = `&cursor=${page.next_cursor ?? "missing"}`;
  }
  throw new Error("the list does not end");
}

export const errorSchema = z.strictObject({
  error: z.strictObject({
    message: z.string().min(1),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string(),
  }),
});
