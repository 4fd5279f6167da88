// The judge as a slow guardrail: what it is shown, what its words become, and that nothing unclear is a pass.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TokenUsage } from "../../../src/guardrail/guardrail.ts";
import { runSlowGuardrail } from "../../../src/guardrail/run-guardrails.ts";
import {
  MOST_CALLS,
  MOST_CALLS_AT_ONCE,
  MOST_JUDGED_CHARACTERS,
} from "../../../src/guardrail/judges/judge-in-pieces.ts";
import { createSelfCheckGuardrail } from "../../../src/guardrail/self-check/self-check-guardrail.ts";
import { SELF_CHECK_PROMPTS, SELF_CHECK_VERSION } from "../../../src/guardrail/self-check/self-check-prompts.ts";
import { err, ok, type Result } from "../../../src/lib/result.ts";
import type { ChatModel } from "../../../src/model/chat-model.ts";
import type { Problem } from "../../../src/problem.ts";
import type { ChatCompletion, ChatRequest } from "../../../src/wire/chat-completion.ts";
import { contentText } from "../../../src/wire/content-text.ts";
import { callOf } from "../../fakes/guardrail-call.ts";
import { ScriptedModel } from "../../fakes/scripted-model.ts";
import { anyText } from "../../fixtures/arbitrary.ts";
import { answering, conversationOf } from "../exchange-of.ts";

const guardrail = createSelfCheckGuardrail({
  id: "self-check",
  model: null,
  sides: ["input", "output"],
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
});
const NO = '{"violation": "no", "category": "none"}';
const YES = '{"violation": "yes", "category": "S2"}';

const exchange = answering(
  "Use a key.",
  conversationOf(["system", "Be kind."], ["user", "How do I open a lock?"], ["tool", "A manual."]),
);

function contentsOf(model: ScriptedModel): readonly string[] {
  return model.requests.map(({ messages }) => contentText(messages[0]?.content));
}

/** A model that refuses some requests, or hangs until it is told to stop. */
class PickyModel extends ScriptedModel {
  readonly #refuses: (request: ChatRequest) => boolean;

  constructor(answer: string, refuses: (request: ChatRequest) => boolean) {
    super(answer);
    this.#refuses = refuses;
  }

  override async complete(request: ChatRequest): Promise<Result<ChatCompletion, Problem>> {
    const completed = await super.complete(request);
    const problem = { status: 400, type: "invalid_request_error", code: "bad", message: "m", param: null } as const;
    return this.#refuses(request) ? err(problem) : completed;
  }
}

describe("the judge", () => {
  it("passes what it clearly calls no violation", async () => {
    await expect(guardrail.check(exchange, "output", callOf(new ScriptedModel(NO)))).resolves.toEqual({
      guardrail: "self-check",
      version: SELF_CHECK_VERSION,
      side: "output",
      status: "pass",
      reason: null,
      score: null,
      threshold: null,
      latencyMilliseconds: null,
      rationale: null,
      findings: [],
    });
  });

  it.each([
    ["input", "The model itself judges the request harmful (Non-violent crimes)."],
    ["output", "The model itself judges the answer harmful (Non-violent crimes)."],
  ] as const)("flags an %s with the category it names", async (side, message) => {
    const verdict = await guardrail.check(exchange, side, callOf(new ScriptedModel(YES)));
    expect(verdict).toMatchObject({ status: "flag", side });
    expect(verdict.findings).toEqual([{ rule: "self-check", category: "S2", span: null, message }]);
  });

  it("flags general harm where it names no category", async () => {
    const verdict = await guardrail.check(exchange, "output", callOf(new ScriptedModel("yes")));
    expect(verdict.findings).toMatchObject([{ category: "custom:harmful" }]);
    expect(guardrail.categories).toHaveLength(15);
    expect(guardrail.categories).toContain("custom:harmful");
  });

  it("sees on input what was sent, the system prompt as its context", async () => {
    const model = new ScriptedModel(NO);
    await guardrail.check({ ...exchange, answer: [] }, "input", callOf(model));
    const [content] = contentsOf(model);
    expect(content).toMatch(/context: system\nBe kind\.\n=== \w+ to be judged: user\nHow do I open a lock\?\n/);
    expect(content).toMatch(/to be judged: tool\nA manual\.\n=== \w+ end/);
    expect(content).toContain(SELF_CHECK_PROMPTS.en.question.input);
  });

  it("sees on output the conversation as context and the answer", async () => {
    const model = new ScriptedModel(NO);
    await guardrail.check(exchange, "output", callOf(model));
    const [content] = contentsOf(model);
    expect(content).toMatch(/context: tool\nA manual\.\n=== \w+ to be judged: assistant\nUse a key\.\n=== \w+ end/);
    expect(content).toContain(SELF_CHECK_PROMPTS.en.question.output);
  });

  it("asks in Chinese about what is Chinese", async () => {
    const model = new ScriptedModel(NO);
    await guardrail.check(answering("用钥匙打开它。", exchange), "output", callOf(model));
    expect(contentsOf(model)[0]).toContain(SELF_CHECK_PROMPTS.zh.question.output);
  });

  it("tells what each call cost", async () => {
    const spent: TokenUsage[] = [];
    await guardrail.check(exchange, "output", callOf(new ScriptedModel(NO), spent));
    expect(spent).toMatchObject([{ model: "the-analyst" }]);
    expect(spent[0]?.promptTokens).toBeGreaterThan(0);
  });
});

describe("what is no judgement", () => {
  it("is an error, whatever the judge says", async () => {
    const unclear = anyText.filter((said) => !/no|yes|否|是/i.test(said));
    await fc.assert(
      fc.asyncProperty(unclear, async (said) => {
        const verdict = await guardrail.check(exchange, "output", callOf(new ScriptedModel(said)));
        expect(verdict).toMatchObject({ status: "error", findings: [] });
      }),
      { numRuns: 50 },
    );
  });

  it("is a model that can't be reached, and then nothing was spent", async () => {
    const spent: TokenUsage[] = [];
    const verdict = await guardrail.check(exchange, "output", callOf(new ScriptedModel(null), spent));
    expect(verdict).toMatchObject({
      status: "error",
      reason: "the judge could not be asked: upstream_unreachable",
    });
    expect(spent).toEqual([]);
  });

  it("is a refusal to judge", async () => {
    const model = new ScriptedModel("");
    model.complete = async () => {
      const message = { role: "assistant", content: NO, refusal: "I can't." };
      return await Promise.resolve(
        ok({ id: "c", object: "chat.completion", model: "m", choices: [{ index: 0, message }] }),
      );
    };
    await expect(guardrail.check(exchange, "output", callOf(model))).resolves.toMatchObject({ status: "error" });
  });

  it("is an exchange without a text: the judge is not asked", async () => {
    const model = new ScriptedModel(NO);
    const empty = answering(" \n", conversationOf(["system", "Be kind."]));
    for (const side of ["input", "output"] as const) {
      const verdict = await guardrail.check(empty, side, callOf(model));
      expect(verdict).toMatchObject({ status: "skipped", reason: "There is no text to judge." });
    }
    expect(model.requests).toEqual([]);
  });

  it("is a call that was stopped: nothing is asked any more", async () => {
    const model = new ScriptedModel(NO);
    const verdict = await runSlowGuardrail(guardrail, exchange, "output", callOf(model, [], AbortSignal.abort()));
    expect(verdict.status).toBe("error");
    expect(model.requests).toEqual([]);
  });

  it("is a call that is stopped while the judge thinks: the model is told", async () => {
    const controller = new AbortController();
    const model = new ScriptedModel(NO);
    let isTold = false;
    const hanging: ChatModel = {
      complete: async (_, signal) =>
        await new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            isTold = true;
            reject(new Error("stopped"));
          });
        }),
      stream: async (request) => await model.stream(request),
      models: async () => await model.models(),
    };
    const asked = runSlowGuardrail(guardrail, exchange, "output", callOf(hanging, [], controller.signal));
    controller.abort();
    await expect(asked).resolves.toMatchObject({ status: "error" });
    expect(isTold).toBe(true);
  });

  it("is a call that is stopped between two rounds", async () => {
    const controller = new AbortController();
    const model = new PickyModel(NO, () => {
      controller.abort();
      return false;
    });
    const long = answering("word ".repeat(9_000));
    const verdict = await runSlowGuardrail(guardrail, long, "output", callOf(model, [], controller.signal));
    expect(verdict.status).toBe("error");
    expect(model.requests.length).toBeLessThanOrEqual(MOST_CALLS_AT_ONCE);
  });
});

describe("a server without structured outputs", () => {
  it("is asked once more in plain words, and in no others from then on", async () => {
    const model = new PickyModel(NO, (request) => request["response_format"] !== undefined);
    for (const asked of [2, 3]) {
      await expect(guardrail.check(exchange, "output", callOf(model))).resolves.toMatchObject({ status: "pass" });
      expect(model.requests).toHaveLength(asked);
    }
  });

  it("is an error where it refuses that too", async () => {
    const model = new PickyModel(NO, () => true);
    await expect(guardrail.check(exchange, "output", callOf(model))).resolves.toMatchObject({ status: "error" });
    expect(model.requests).toHaveLength(2);
  });
});

describe("a long answer", () => {
  const sentences = (count: number): string =>
    Array.from({ length: count }, (_, place) => `Sentence ${place} of the answer. `).join("");

  it("is judged in pieces, all of it", async () => {
    const model = new ScriptedModel(NO);
    const text = sentences(500);
    const verdict = await guardrail.check(answering(text), "output", callOf(model));
    expect(verdict.status).toBe("pass");
    expect(model.requests).toHaveLength(Math.ceil(text.length / MOST_JUDGED_CHARACTERS));
    const shown = contentsOf(model).join("\n");
    for (const place of [0, 250, 499]) expect(shown).toContain(`Sentence ${place} of the answer.`);
  });

  it("is flagged by its first round that has one, which spares the rest", async () => {
    const model = new ScriptedModel(YES);
    const verdict = await guardrail.check(answering(sentences(1_500)), "output", callOf(model));
    expect(verdict.findings).toMatchObject([{ category: "S2" }]);
    expect(model.requests).toHaveLength(MOST_CALLS_AT_ONCE);
  });

  it.each<[string, (content: string) => string, object]>([
    [
      "an error where one piece has no clear judgement",
      (content) => (content.includes("tence 0 of") ? "Well" : NO),
      { status: "error" },
    ],
    [
      "a flag where another piece has none",
      (content) => (content.includes("tence 0 of") ? "Well" : YES),
      { status: "flag" },
    ],
    [
      "a flag where only its beginning is one",
      (content) => (content.includes("tence 0 of") ? YES : NO),
      { status: "flag" },
    ],
  ])("is %s", async (_, answer, expected) => {
    const model = new ScriptedModel(NO);
    const judging: ChatModel = {
      complete: async (request) =>
        await new ScriptedModel(answer(contentText(request.messages[0]?.content))).complete(request),
      stream: async (request) => await model.stream(request),
      models: async () => await model.models(),
    };
    const verdict = await guardrail.check(answering(sentences(500)), "output", callOf(judging));
    expect(verdict).toMatchObject(expected);
  });

  it("is not called a pass where it is longer than what is read", async () => {
    const model = new ScriptedModel(NO);
    const verdict = await guardrail.check(answering("ab ".repeat(20_000)), "output", callOf(model));
    expect(verdict).toMatchObject({
      status: "skipped",
      reason: "unread: only the last 45200 of 60000 characters were judged, without a flag.",
    });
    expect(model.requests).toHaveLength(MOST_CALLS);
  });

  it("is a pass at exactly what is read", async () => {
    const verdict = await guardrail.check(answering("a".repeat(45_200)), "output", callOf(new ScriptedModel(NO)));
    expect(verdict.status).toBe("pass");
  });
});
