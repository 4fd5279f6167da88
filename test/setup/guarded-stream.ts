// A guarded stream in a test: the real generation code over a scripted upstream, without HTTP and without storage.
import { z } from "zod";
import { OpenAIChatModel } from "../../src/adapters/openai/openai-chat-model.ts";
import type { CompletionDependencies } from "../../src/generation/guarded-completion.ts";
import { sandwich } from "../../src/generation/guidance/apply-guidance.ts";
import { noGuardrailUpstream } from "../../src/model/guardrail-upstream.ts";
import { streamGuarded } from "../../src/generation/stream/stream-guarded.ts";
import type { FastGuardrail, SlowGuardrail } from "../../src/guardrail/guardrail.ts";
import type { AttackDraft, ExchangeDraft, MistakeDraft } from "../../src/mistake/capture.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";
import type { ChatRequest } from "../../src/wire/chat-completion.ts";
import { KeptCapture } from "../fakes/kept-capture.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { KeptMeter } from "../fakes/kept-meter.ts";
import { type Answer, scriptedUpstream, type Upstream, UPSTREAM_URL } from "./upstream.ts";

export interface StreamScene {
  readonly answers: readonly Answer[];
  readonly fast?: readonly FastGuardrail[];
  readonly slow?: readonly SlowGuardrail[];
  readonly policy?: Partial<Policy>;
  readonly request?: Partial<ChatRequest>;
  readonly signal?: AbortSignal;
  /** what is drawn for samples */
  readonly random?: number;
}

export interface SeenChoice {
  /** every text that the client got, joined, by its field */
  readonly texts: Readonly<Record<string, string>>;
  readonly finishReason: string | null;
  readonly action: string | null;
}

export interface SeenStream {
  /** null unless the request was refused before the first byte */
  readonly refused: { readonly status: number; readonly code: string } | null;
  readonly choices: readonly SeenChoice[];
  readonly error: string | null;
  readonly isDone: boolean;
  readonly usage: object | null;
  readonly events: readonly object[];
  readonly mistakes: readonly MistakeDraft[];
  readonly attacks: readonly AttackDraft[];
  readonly exchanges: readonly ExchangeDraft[];
  readonly upstream: Upstream;
  readonly logger: KeptLogger;
  readonly meter: KeptMeter;
}

const textsSchema = z.looseObject({
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  tool_calls: z
    .array(
      z.looseObject({
        index: z.number(),
        id: z.string().optional(),
        function: z.looseObject({ name: z.string().optional(), arguments: z.string().optional() }).optional(),
      }),
    )
    .nullish(),
});
/** What an OpenAI client reads: anything else in a stream makes it throw. */
const eventSchema = z.union([
  z.strictObject({ error: z.looseObject({ message: z.string(), type: z.string(), code: z.string() }) }),
  z.looseObject({
    id: z.string(),
    object: z.literal("chat.completion.chunk"),
    choices: z.array(
      z.looseObject({
        index: z.number(),
        delta: textsSchema,
        finish_reason: z.string().nullable(),
        setback: z.looseObject({ action: z.string() }).optional(),
      }),
    ),
    usage: z.looseObject({}).nullish(),
  }),
]);

function add(texts: Record<string, string>, name: string, text: string | null | undefined): void {
  if (typeof text === "string" && text !== "") texts[name] = (texts[name] ?? "") + text;
}

function read(events: readonly string[]): Pick<SeenStream, "choices" | "error" | "isDone" | "usage" | "events"> {
  const choices: { texts: Record<string, string>; finishReason: string | null; action: string | null }[] = [];
  let [error, usage, isDone]: [string | null, object | null, boolean] = [null, null, false];
  const parsed: object[] = [];
  for (const data of events) {
    if (data === "[DONE]") {
      isDone = true;
      continue;
    }
    const event = eventSchema.parse(JSON.parse(data));
    parsed.push(event);
    if ("error" in event) {
      error = z.string().parse(z.looseObject({ code: z.string() }).parse(event.error).code);
      continue;
    }
    usage = event.usage ?? usage;
    for (const { index, delta, finish_reason: finishReason, setback } of event.choices) {
      const choice = (choices[index] ??= { texts: {}, finishReason: null, action: null });
      add(choice.texts, "content", delta.content);
      add(choice.texts, "refusal", delta.refusal);
      add(choice.texts, "reasoning_content", delta.reasoning_content);
      for (const call of delta.tool_calls ?? []) {
        add(choice.texts, `call ${call.index} id`, call.id);
        add(choice.texts, `call ${call.index} name`, call.function?.name);
        add(choice.texts, `call ${call.index} arguments`, call.function?.arguments);
      }
      choice.finishReason = finishReason ?? choice.finishReason;
      choice.action = setback?.action ?? choice.action;
    }
  }
  return { choices, error, isDone, usage, events: parsed };
}

export const QUESTION: ChatRequest["messages"] = [{ role: "user", content: "Tell me about lamps." }];

export interface OpenScene {
  readonly dependencies: CompletionDependencies;
  readonly mistakes: readonly MistakeDraft[];
  readonly attacks: readonly AttackDraft[];
  readonly exchanges: readonly ExchangeDraft[];
  readonly upstream: Upstream;
  readonly logger: KeptLogger;
  readonly meter: KeptMeter;
}

export function openScene({ answers, fast = [], slow = [], policy = {}, random = 0 }: StreamScene): OpenScene {
  const capture = new KeptCapture();
  const upstream = scriptedUpstream(...answers);
  const logger = new KeptLogger();
  const meter = new KeptMeter();
  const model = new OpenAIChatModel({
    url: UPSTREAM_URL,
    key: null,
    timeoutMilliseconds: 5_000,
    attemptTimeoutMilliseconds: 5_000,
    idleMilliseconds: 2_000,
    attempts: 1,
    fetch: upstream.fetch,
    random: () => 0,
  });
  const dependencies: CompletionDependencies = {
    model,
    guardrailUpstream: noGuardrailUpstream,
    guardrails: { fast, slow },
    guide: sandwich,
    randomBytes: (length) => new Uint8Array(length).fill(7),
    capture,
    endUserIds: { of: async (projectId, id) => await Promise.resolve(`${projectId}/${id.length}`) },
    policy: { ...DEFAULT_POLICY, ...policy },
    logger,
    meter,
    clock: () => Date.now(),
    random: () => random,
  };
  const { mistakes, attacks, exchanges } = capture;
  return { dependencies, mistakes, attacks, exchanges, upstream, logger, meter };
}

export async function watchStream(scene: StreamScene): Promise<SeenStream> {
  const { dependencies, ...open } = openScene(scene);
  const request: ChatRequest = { messages: QUESTION, model: "m", stream: true, ...scene.request };
  const caller = {
    projectId: "prj_1",
    keyId: "key_1",
    consent: null,
    requestId: "req_1",
    source: "production" as const,
  };
  const signal = scene.signal ?? new AbortController().signal;
  const opened = await streamGuarded(dependencies, request, caller, signal);
  if (!opened.ok) {
    const { status, code } = opened.error;
    const nothing = { choices: [], error: null, isDone: false, usage: null, events: [] };
    return { refused: { status, code }, ...nothing, ...open };
  }
  let text = "";
  for (let piece = await opened.value.read(); piece !== null; piece = await opened.value.read()) text += piece;
  const events = text.split("\n\n").filter((event) => event !== "");
  return { refused: null, ...read(events.map((event) => event.replace(/^data: /, ""))), ...open };
}
