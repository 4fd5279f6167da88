// Stage 4 whole: what reaches the model, what leaves, and what is captured.
import { describe, expect, it } from "vitest";
import { completeGuarded, type CompletionDependencies } from "../../src/generation/guarded-completion.ts";
import { sandwich } from "../../src/generation/guidance/apply-guidance.ts";
import { noGuardrailUpstream } from "../../src/model/guardrail-upstream.ts";
import { GUIDANCE_TEXTS } from "../../src/generation/guidance/guidance-texts.ts";
import type { FastGuardrail } from "../../src/guardrail/guardrail.ts";
import { err, ok } from "../../src/lib/result.ts";
import type { AttackDraft, ExchangeDraft, MistakeDraft } from "../../src/mistake/capture.ts";
import { DEFAULT_POLICY, type Action, type Policy } from "../../src/policy/policy.ts";
import { invalidRequest, unwrap } from "../../src/problem.ts";
import { chatCompletionSchema, type ChatRequest } from "../../src/wire/chat-completion.ts";
import { KeptCapture } from "../fakes/kept-capture.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { KeptMeter } from "../fakes/kept-meter.ts";
import { brokenGuardrail, phraseGuardrail } from "../fakes/phrase-guardrail.ts";
import { completionOf } from "../setup/upstream.ts";

const CALLER = { projectId: "prj_1", keyId: "key_1", consent: null, requestId: "req_1", source: "production" } as const;

interface Bench {
  readonly dependencies: CompletionDependencies;
  readonly asked: ChatRequest[];
  readonly mistakes: readonly MistakeDraft[];
  readonly attacks: readonly AttackDraft[];
  readonly exchanges: readonly ExchangeDraft[];
  readonly logger: KeptLogger;
}

function bench(messages: readonly object[], fast: readonly FastGuardrail[], policy: Partial<Policy> = {}): Bench {
  const asked: ChatRequest[] = [];
  const capture = new KeptCapture();
  const logger = new KeptLogger();
  const meter = new KeptMeter();
  const dependencies: CompletionDependencies = {
    model: {
      complete: async (request) => {
        asked.push(request);
        return await Promise.resolve(ok(chatCompletionSchema.parse(completionOf(...messages))));
      },
      stream: async () => await Promise.reject(new Error("not asked for")),
      models: async () => await Promise.resolve(ok({ object: "list" as const, data: [] })),
    },
    guardrailUpstream: noGuardrailUpstream,
    guardrails: { fast, slow: [] },
    guide: sandwich,
    randomBytes: (length) => new Uint8Array(length).fill(7),
    capture,
    endUserIds: { of: async (projectId, id) => await Promise.resolve(`${projectId}/${id.length}`) },
    policy: { ...DEFAULT_POLICY, ...policy },
    logger,
    meter,
    clock: () => 0,
    random: () => 0,
  };
  const { mistakes, attacks, exchanges } = capture;
  return { dependencies, asked, mistakes, attacks, exchanges, logger };
}

async function ask({ dependencies }: Bench, request: Partial<ChatRequest> = {}): ReturnType<typeof completeGuarded> {
  const whole: ChatRequest = { model: "m", messages: [{ role: "user", content: "a bad question" }], ...request };
  return await completeGuarded(dependencies, whole, CALLER, new AbortController().signal);
}

const onInput = (action: Action): Partial<Policy> => ({
  actions: { input: { default: action }, output: { default: "block" } },
});
const onOutput = (action: Action): Partial<Policy> => ({
  actions: { input: { default: "annotate" }, output: { default: action } },
});
const badInput = phraseGuardrail("bad", "prompt_attack", { sides: ["input"] });
const badOutput = phraseGuardrail("bad", "S10");

describe("a flagged input", () => {
  it.each<Action>(["block", "redact"])("under %s asks no model, makes an attack and no mistake", async (action) => {
    const made = bench([{ content: "Hello." }], [badInput], onInput(action));
    await expect(ask(made)).resolves.toMatchObject({ ok: false, error: { status: 400, code: "content_filter" } });
    expect([made.asked, made.mistakes]).toEqual([[], []]);
    expect(made.attacks).toMatchObject([
      {
        projectId: "prj_1",
        keyId: "key_1",
        requestId: "req_1",
        policyVersion: DEFAULT_POLICY.version,
        messages: [{ role: "user", content: "a bad question" }],
        verdicts: [{ side: "input", status: "flag" }],
      },
    ]);
  });

  it("under annotate is answered, told to the client, and makes no mistake", async () => {
    const made = bench([{ content: "Hello." }], [badInput], onInput("annotate"));
    expect(unwrap(await ask(made))).toMatchObject({
      choices: [{ message: { content: "Hello." } }],
      prompt_filter_results: [
        { prompt_index: 0, content_filter_results: { jailbreak: { filtered: false, detected: true } } },
      ],
    });
    expect([made.mistakes, made.attacks]).toEqual([[], []]);
  });

  it("under allow leaves no trace", async () => {
    const made = bench([{ content: "Hello." }], [badInput], onInput("allow"));
    expect(unwrap(await ask(made))).toEqual(completionOf({ content: "Hello." }));
    expect([made.mistakes, made.attacks]).toEqual([[], []]);
  });

  it("goes into the verdicts of a mistake that follows it", async () => {
    const made = bench([{ content: "a bad answer" }], [badInput, badOutput], onInput("annotate"));
    await ask(made);
    expect(made.mistakes[0]?.verdicts.map(({ side, status }) => [side, status])).toEqual([
      ["input", "flag"],
      ["output", "flag"],
    ]);
  });
});

describe("a flagged answer", () => {
  it("is a mistake with everything that had a part in it", async () => {
    const made = bench([{ content: "a bad answer" }], [badOutput]);
    const completion = unwrap(await ask(made));
    expect(completion.choices[0]).toMatchObject({
      message: { content: "" },
      finish_reason: "content_filter",
      setback: { mistake_id: "mis_1" },
    });
    expect(completion.usage).toEqual({ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 });
    expect(made.mistakes).toMatchObject([
      {
        projectId: "prj_1",
        source: "production",
        messages: [{ role: "user", content: "a bad question" }],
        answer: { role: "assistant", content: "a bad answer" },
        action: "block",
        provenance: {
          model: "stub-model",
          guidanceVersion: GUIDANCE_TEXTS.en.version,
          policyVersion: DEFAULT_POLICY.version,
          classifierVersion: null,
          keyId: "key_1",
          requestId: "req_1",
          completionId: "chatcmpl-upstream",
        },
      },
    ]);
  });

  it.each<[Action, string]>([
    ["annotate", "a bad answer"],
    ["redact", "a [redacted] answer"],
    ["allow", "a bad answer"],
  ])("under %s leaves as %j, and is kept as the model gave it", async (action, content) => {
    const made = bench([{ content: "a bad answer" }], [badOutput], onOutput(action));
    expect(unwrap(await ask(made)).choices[0]?.message.content).toBe(content);
    expect(made.mistakes).toMatchObject([{ action, answer: { content: "a bad answer" } }]);
  });

  it("of several choices is blocked alone", async () => {
    const made = bench([{ content: "fine" }, { content: "a bad answer" }, { content: "good" }], [badOutput]);
    const { choices } = unwrap(await ask(made));
    expect(choices.map(({ index, message, finish_reason }) => [index, message.content, finish_reason])).toEqual([
      [0, "fine", "stop"],
      [1, "", "content_filter"],
      [2, "good", "stop"],
    ]);
    expect(made.mistakes).toHaveLength(1);
  });

  it.each([
    ["reasoning", { content: "fine", reasoning_content: "bad" }],
    ["a refusal", { content: null, refusal: "bad" }],
    [
      "arguments of a tool call",
      { content: null, tool_calls: [{ id: "1", function: { name: "f", arguments: "bad" } }] },
    ],
    ["input of a custom tool", { content: null, tool_calls: [{ id: "1", type: "custom", custom: { input: "bad" } }] }],
    ["a legacy function call", { content: null, function_call: { name: "f", arguments: "bad" } }],
    ["a field that servers invent", { content: "fine", thinking: "bad" }],
    ["the name of a field", { content: "fine", "so bad": 1 }],
    ["the name of a tool", { content: null, tool_calls: [{ id: "1", function: { name: "bad", arguments: "" } }] }],
    ["the id of a tool call", { content: null, tool_calls: [{ id: "bad", function: { name: "f", arguments: "" } }] }],
    ["a cited address", { content: "fine", annotations: [{ type: "url_citation", url_citation: { url: "bad" } }] }],
    ["a type that is none", { content: "fine", annotations: [{ type: "bad" }] }],
    ["a signature", { content: "fine", reasoning_details: [{ signature: "bad", data: "bad" }] }],
    ["sound that is none", { content: "fine", audio: { data: "bad" } }],
  ])("is found in %s", async (_name, message) => {
    const made = bench([message], [badOutput]);
    expect(JSON.stringify(unwrap(await ask(made)).choices[0]?.message)).not.toContain("bad");
    expect(made.mistakes).toHaveLength(1);
  });

  it("without a text is no mistake", async () => {
    const always: FastGuardrail = {
      ...badOutput,
      check: (_, side) =>
        badOutput.check(
          { conversation: [], guidance: [], answer: [{ role: "assistant", text: "bad", location: "content" }] },
          side,
        ),
    };
    const made = bench([{ content: "" }], [always]);
    expect(unwrap(await ask(made)).choices[0]?.finish_reason).toBe("content_filter");
    expect(made.mistakes).toEqual([]);
  });
});

describe("what a mistake says of its answer", () => {
  const answer = [{ content: "so bad" }];

  it.each([
    [true, "buffer"],
    [false, null],
  ])("is how it was streamed: stream %s", async (stream, streamMode) => {
    const made = bench(answer, [badOutput], onOutput("block"));
    await ask(made, { stream });
    expect(made.mistakes).toMatchObject([{ provenance: { streamMode } }]);
  });

  it("is block where it can't be asked for again", async () => {
    const made = bench(answer, [badOutput], onOutput("repair"));
    const reply = unwrap(await ask(made));
    expect(reply.choices).toMatchObject([{ finish_reason: "content_filter", setback: { action: "block" } }]);
    expect(made.mistakes.map(({ action }) => action)).toEqual(["repair", "repair", "block"]);
  });

  it("is what left of it, without our markers", async () => {
    const made = bench(answer, [badOutput], onOutput("redact"));
    await ask(made);
    expect(made.mistakes).toMatchObject([{ action: "redact", releasedCharacters: 3 }]);
  });
});

describe("text beside the message", () => {
  // As vLLM sends it: the same tokens again, in fields that no client of OpenAI's knows.
  const echoing = (dependencies: CompletionDependencies): CompletionDependencies => ({
    ...dependencies,
    model: {
      ...dependencies.model,
      complete: async () => {
        const completion = completionOf({ content: "a bad answer" });
        const [choice] = chatCompletionSchema.parse(completion).choices;
        const echo = {
          ...completion,
          prompt_logprobs: "a bad answer",
          choices: [{ ...choice, token_ids: "a bad answer" }],
        };
        return await Promise.resolve(ok(chatCompletionSchema.parse(echo)));
      },
    },
  });

  it.each<Action>(["block", "redact"])("does not leave under %s", async (action) => {
    const made = bench([], [phraseGuardrail("bad answer", "S1")], onOutput(action));
    const reply = unwrap(await ask({ ...made, dependencies: echoing(made.dependencies) }));
    expect(JSON.stringify(reply)).not.toContain("bad answer");
  });

  it("in log probabilities leaves only where it repeats the answer, or was read", async () => {
    const asked = async (content: readonly object[]): Promise<unknown> => {
      const made = bench([], [badOutput]);
      const completion = { ...completionOf({ content: "fine" }) };
      const [choice] = chatCompletionSchema.parse(completion).choices;
      const complete = async () =>
        await Promise.resolve(
          ok(chatCompletionSchema.parse({ ...completion, choices: [{ ...choice, logprobs: { content } }] })),
        );
      const { dependencies } = made;
      const model = { ...dependencies.model, complete };
      return unwrap(await ask({ ...made, dependencies: { ...dependencies, model } })).choices[0]?.logprobs;
    };
    const fine = { token: "fine", logprob: -1 };
    expect(await asked([{ ...fine, top_logprobs: [fine] }])).toEqual({ content: [{ ...fine, top_logprobs: [fine] }] });
    expect(await asked([{ ...fine, top_logprobs: [{ token: "bad", logprob: -2 }] }])).toEqual({
      content: [{ ...fine, top_logprobs: [] }],
    });
    expect(await asked([{ token: "something else", logprob: -1 }])).toBeNull();
  });

  it("passes untouched where nothing is withheld", async () => {
    const made = bench([], []);
    const reply = unwrap(await ask({ ...made, dependencies: echoing(made.dependencies) }));
    expect(reply["prompt_logprobs"]).toBe("a bad answer");
    expect(reply.choices[0]?.["token_ids"]).toBe("a bad answer");
  });

  it.each(["completion", "choice", "finish reason", "role"])("is read by the guardrails: %s", async (where) => {
    const made = bench([], [badOutput]);
    const message = { role: where === "role" ? "bad" : "assistant", content: "fine" };
    const choice = {
      index: 0,
      message,
      finish_reason: where === "finish reason" ? "bad" : "stop",
      ...(where === "choice" ? { text: "bad" } : {}),
    };
    const completion = {
      ...completionOf({}),
      choices: [choice],
      ...(where === "completion" ? { output: "bad" } : {}),
    };
    const complete = async () => await Promise.resolve(ok(chatCompletionSchema.parse(completion)));
    const dependencies = { ...made.dependencies, model: { ...made.dependencies.model, complete } };
    const reply = unwrap(await ask({ ...made, dependencies }));
    expect(reply.choices[0]?.finish_reason).toBe("content_filter");
    expect(JSON.stringify({ ...reply, choices: [{ ...reply.choices[0], setback: null }] })).not.toContain("bad");
  });

  it("never speaks in our name", async () => {
    const made = bench([], []);
    const spoofed = { setback: { action: "allow" }, content_filter_results: {}, prompt_filter_results: [] };
    const plain = completionOf({ content: "fine" });
    const [choice] = chatCompletionSchema.parse(plain).choices;
    const completion = { ...plain, ...spoofed, choices: [{ ...choice, ...spoofed }] };
    const complete = async () => await Promise.resolve(ok(chatCompletionSchema.parse(completion)));
    const dependencies = { ...made.dependencies, model: { ...made.dependencies.model, complete } };
    expect(unwrap(await ask({ ...made, dependencies }))).toEqual(chatCompletionSchema.parse(plain));
  });

  it("is not named in a blocked answer's findings", async () => {
    const made = bench([{ content: "fine", "so bad": { "how bad": "bad" } }], [badOutput]);
    expect(JSON.stringify(unwrap(await ask(made)))).not.toMatch(/so bad|how bad/);
  });

  it("is blocked under redact where it is the name of a field", async () => {
    const made = bench([{ content: "fine", "so bad": 1 }], [badOutput], onOutput("redact"));
    expect(unwrap(await ask(made)).choices[0]).toMatchObject({
      message: { content: "" },
      setback: { action: "block" },
    });
  });
});

describe("what is not to be stored", () => {
  it.each<[string, Partial<ChatRequest>, Partial<Policy>]>([
    ["store: false", { store: false }, {}],
    ["a policy that stores nothing", { store: true }, { store: false }],
  ])("is not, but still blocked: %s", async (_name, request, policy) => {
    const attacked = bench([{ content: "Hello." }], [badInput], { ...onInput("block"), ...policy });
    await expect(ask(attacked, request)).resolves.toMatchObject({ ok: false, error: { code: "content_filter" } });
    const flagged = bench([{ content: "a bad answer" }], [badOutput], policy);
    const [choice] = unwrap(await ask(flagged, request)).choices;
    expect(choice).toMatchObject({ finish_reason: "content_filter", setback: { action: "block" } });
    expect(JSON.stringify(choice)).not.toContain("mistake_id");
    expect([...attacked.attacks, ...flagged.mistakes]).toEqual([]);
  });
});

describe("a guardrail that fails", () => {
  it("on input, fail closed, is 503 and asks no model", async () => {
    const made = bench([{ content: "Hello." }], [brokenGuardrail(["input"])]);
    await expect(ask(made)).resolves.toMatchObject({
      ok: false,
      error: { status: 503, code: "guardrail_unavailable" },
    });
    expect(made.asked).toEqual([]);
    expect(made.logger.of("guardrail_failed")).toHaveLength(1);
  });

  it("on the answer, fail closed, is 503 and lets no text out", async () => {
    const made = bench([{ content: "the words of the model" }], [brokenGuardrail(["output"])]);
    const result = await ask(made);
    expect(result).toMatchObject({ ok: false, error: { status: 503, code: "guardrail_unavailable" } });
    expect(JSON.stringify(result)).not.toContain("the words");
    expect(made.mistakes).toEqual([]);
  });

  it.each(["input", "output"] as const)("on %s, fail open, is in the answer and in the log", async (side) => {
    const made = bench([{ content: "Hello." }], [brokenGuardrail([side])], { on_guardrail_error: "open" });
    expect(unwrap(await ask(made)).choices[0]).toMatchObject({
      message: { content: "Hello." },
      setback: { action: "allow", failed: [{ guardrail: "broken", side, status: "error" }] },
    });
    expect(made.logger.of("guardrail_failed").map(({ fields }) => fields)).toEqual([
      { guardrail: "broken", side, reason: "Error: it broke", request_id: "req_1" },
    ]);
    expect(made.mistakes).toEqual([]);
  });

  it("does not hide a flag that blocks", async () => {
    const made = bench([{ content: "a bad answer" }], [brokenGuardrail(["output"]), badOutput]);
    expect(unwrap(await ask(made)).choices[0]?.finish_reason).toBe("content_filter");
    expect(made.mistakes).toHaveLength(1);
  });
});

describe("the model", () => {
  it("gets the guidance, which no mistake holds", async () => {
    const made = bench([{ content: "a bad answer" }], [badOutput]);
    await ask(made);
    expect(JSON.stringify(made.asked)).toContain(GUIDANCE_TEXTS.en.after);
    expect(JSON.stringify(made.mistakes[0]?.messages)).not.toContain(GUIDANCE_TEXTS.en.after);
  });

  it("gets the request as it is where the policy has no guidance", async () => {
    const made = bench([{ content: "a bad answer" }], [badOutput], { guidance: "off" });
    await ask(made);
    expect(made.asked).toEqual([{ model: "m", messages: [{ role: "user", content: "a bad question" }] }]);
    expect(made.mistakes[0]?.provenance.guidanceVersion).toBeNull();
  });

  it("that fails is the client's problem alone: nothing is captured", async () => {
    const made = bench([], [badOutput]);
    const problem = invalidRequest("Too long.");
    const model = { ...made.dependencies.model, complete: async () => await Promise.resolve(err(problem)) };
    await expect(ask({ ...made, dependencies: { ...made.dependencies, model } })).resolves.toEqual(err(problem));
    expect([made.mistakes, made.attacks]).toEqual([[], []]);
  });

  it("has its guidance shown to the guardrails, so that they find it repeated", async () => {
    const seen: (readonly string[])[] = [];
    const spy: FastGuardrail = {
      ...badOutput,
      sides: ["input", "output"],
      check: (exchange, side) => {
        seen.push(exchange.guidance);
        return badOutput.check(exchange, side);
      },
    };
    await ask(bench([{ content: "fine" }], [spy]));
    expect(seen).toEqual([[], [GUIDANCE_TEXTS.en.before, GUIDANCE_TEXTS.en.after]]);
  });
});

describe("what passed, within a feedback window", () => {
  const window = { feedback: { window_hours: 1, origins: [] } };

  it("is kept choice by choice, and a mistake is a mistake alone", async () => {
    const flagged = phraseGuardrail("bad", "custom:test");
    const made = bench([{ content: "bad" }, { content: "fine" }], [flagged], window);
    await ask(made, { messages: [{ role: "user", content: "q" }] });
    expect(made.mistakes).toHaveLength(1);
    expect(made.exchanges).toMatchObject([{ choice: 1, answer: { content: "fine" } }]);
    const plain = bench([{ content: "fine" }], [flagged]);
    await ask(plain);
    expect(plain.exchanges).toEqual([]);
  });

  it("is the repaired answer under the id of the completion that the client knows", async () => {
    const actions = { input: { default: "allow" as const }, output: { default: "repair" as const } };
    const made = bench([], [phraseGuardrail("bad", "custom:test")], { ...window, actions });
    const said = ["bad", "fine"];
    const model = {
      ...made.dependencies.model,
      complete: async () => {
        const content = said.shift() ?? "";
        const completion = { ...completionOf({ content }), id: `chatcmpl-${content}` };
        return await Promise.resolve(ok(chatCompletionSchema.parse(completion)));
      },
    };
    await ask(
      { ...made, dependencies: { ...made.dependencies, model } },
      { messages: [{ role: "user", content: "q" }] },
    );
    expect(made.mistakes).toMatchObject([{ action: "repair", provenance: { completionId: "chatcmpl-bad" } }]);
    expect(made.exchanges).toMatchObject([
      { choice: 0, answer: { content: "fine" }, provenance: { completionId: "chatcmpl-bad" } },
    ]);
  });
});
