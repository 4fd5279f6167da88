// Guided analysis: the hint and the exchange go in, in a fresh context; a text comes out, once a mistake, or an error.
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { analyseMistake } from "../../src/analysis/analyse-mistake.ts";
import { analysisRequest } from "../../src/analysis/analysis-request.ts";
import { ANALYSIS_PROMPTS } from "../../src/analysis/analysis-prompts.ts";
import { ok, type Result } from "../../src/lib/result.ts";
import { dayOf } from "../../src/lib/utc-day.ts";
import { redact } from "../../src/mistake/redaction.ts";
import type { StoredExchange } from "../../src/mistake/mistake.ts";
import { contentText } from "../../src/wire/content-text.ts";
import type { AnalysisCaps } from "../../src/mistake/analysis-budget.ts";
import { InMemoryAnalysisBudget } from "../fakes/in-memory-analysis-budget.ts";
import { InMemoryMistakeStore } from "../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { KeptMeter } from "../fakes/kept-meter.ts";
import { ScriptedModel } from "../fakes/scripted-model.ts";
import { anyText, arbitraryExchange } from "../fixtures/arbitrary.ts";
import { capturedMistake, exchangeOf, makeTestId, newProjectId, reviewOf, ticking } from "../fixtures/records.ts";

/** An analysis of exchangeOf() that passes the check. */
const SOUND = "It promises a full refund for the lamp, which the shop never offered.";
const DAY = 86_400_000;

describe("analysisRequest", () => {
  it("quotes the exchange between delimiters, and asks with the hint", () => {
    const { messages, ...rest } = analysisRequest(exchangeOf("Why?", "Because."), ANALYSIS_PROMPTS.en, "quoted-1");
    expect(messages).toEqual([
      {
        role: "user",
        content: [
          "Instruction:\n<quoted-1>\nWhy?\n</quoted-1>",
          "Answer:\n<quoted-1>\nBecause.\n</quoted-1>",
          `${ANALYSIS_PROMPTS.en.hint} ${ANALYSIS_PROMPTS.en.question}`,
        ].join("\n\n"),
      },
    ]);
    expect(rest).toEqual({ max_tokens: 256, temperature: 0 });
  });

  it("quotes every text that could have been flagged, reasoning under any name too", () => {
    const exchange: StoredExchange = {
      messages: [{ role: "user", content: "Why?" }],
      answer: { role: "assistant", content: "ok", reasoning: "the words that were flagged" },
    };
    const { messages } = analysisRequest(exchange, ANALYSIS_PROMPTS.en, "quoted-1");
    expect(contentText(messages[0]?.content)).toContain("ok\nthe words that were flagged");
  });

  it("is one user message of bounded length and sound characters, whatever the exchange holds", () => {
    const text = fc.oneof(anyText, fc.constant("😀".repeat(9_000)), fc.constant(`a${"😀".repeat(9_000)}`));
    fc.assert(
      fc.property(arbitraryExchange(text), (exchange) => {
        const { messages } = analysisRequest(exchange, ANALYSIS_PROMPTS.zh, "quoted-1");
        const [only] = messages;
        expect(messages).toHaveLength(1);
        expect(only?.role).toBe("user");
        const content = contentText(only?.content);
        expect(content.isWellFormed()).toBe(true);
        expect(content.length).toBeLessThan(13_000);
        expect(content.endsWith(ANALYSIS_PROMPTS.zh.question)).toBe(true);
      }),
    );
  });

  it("keeps the beginning and the end of what is too long: the system prompt and the last question", () => {
    const exchange = exchangeOf(`first words ${"and so on ".repeat(1_000)} last words`, "An answer.");
    const content = contentText(analysisRequest(exchange, ANALYSIS_PROMPTS.en, "quoted-1").messages[0]?.content);
    expect(content).toContain("first words");
    expect(content).toContain("last words");
  });
});

describe("analyseMistake", () => {
  let mistakes: InMemoryMistakeStore;
  let project: string;
  let budget: InMemoryAnalysisBudget;
  let caps: AnalysisCaps;
  let meter: KeptMeter;
  let daysLater: number;

  beforeEach(() => {
    daysLater = 0;
    budget = new InMemoryAnalysisBudget();
    caps = { project: 10, key: 10 };
    meter = new KeptMeter();
    mistakes = new InMemoryMistakeStore(new InMemoryObjectStore());
    project = newProjectId();
  });

  const stored = async (exchange: StoredExchange = exchangeOf()): Promise<string> => {
    const captured = capturedMistake(project, {}, exchange);
    await mistakes.insertCaptured([captured]);
    return captured.mistake.id;
  };

  const analyse = async (
    model: ScriptedModel,
    mistakeId: string,
    modelName: string | null = null,
  ): Promise<Result<"analysed" | "skipped" | "deferred", string>> =>
    await analyseMistake(
      {
        model,
        mistakes,
        clock: () => ticking() + daysLater * DAY,
        makeId: makeTestId,
        randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
        modelName,
        budget,
        caps,
        meter,
        guardrails: [],
        attempts: 3,
      },
      { projectId: project, mistakeId },
      new AbortController().signal,
    );

  it("keeps what the model says, with prompt version and model", async () => {
    const id = await stored();
    const model = new ScriptedModel(`  ${SOUND} \n`);
    expect(await analyse(model, id)).toEqual({ ok: true, value: "analysed" });
    expect(await mistakes.get(project, id)).toMatchObject({
      mistake: { state: "analysed" },
      analyses: [
        {
          text: SOUND,
          quality: [],
          attempts: 1,
          promptVersion: ANALYSIS_PROMPTS.en.version,
          model: "the-analyst",
          projectId: project,
        },
      ],
    });
    expect(model.requests).toMatchObject([{ model: "stub-model" }]);
  });

  it("asks the model that the operator names", async () => {
    const model = new ScriptedModel(SOUND);
    await analyse(model, await stored(), "the-operators-model");
    expect(model.requests).toMatchObject([{ model: "the-operators-model" }]);
  });

  it("quotes between delimiters that nobody can guess", async () => {
    const model = new ScriptedModel("x");
    for (let count = 0; count < 3; count += 1) await analyse(model, await stored());
    const delimiters = model.requests.map(
      ({ messages }) => /<(quoted-[0-9a-f]{12})>/.exec(contentText(messages[0]?.content))?.[1],
    );
    expect(new Set(delimiters).size).toBe(3);
    expect(delimiters).not.toContain(undefined);
  });

  it("analyses a mistake once", async () => {
    const id = await stored();
    const model = new ScriptedModel(SOUND);
    await analyse(model, id);
    expect(await analyse(model, id)).toEqual({ ok: true, value: "skipped" });
    expect(model.requests).toHaveLength(1);
  });

  it("leaves a review as it is", async () => {
    const id = await stored();
    await mistakes.review(reviewOf(project, id, { decision: "dismiss" }));
    expect((await analyse(new ScriptedModel("late"), id)).ok).toBe(true);
    expect(await mistakes.get(project, id)).toMatchObject({ mistake: { state: "dismissed" }, analyses: [{}] });
  });

  it.each([
    ["Can I return my lamp?", "en"],
    ["我可以退货吗？", "zh"],
    ["返品できますか？", "en"],
  ] as const)("asks about %s in %s", async (prompt, language) => {
    const model = new ScriptedModel("x");
    const id = await stored(exchangeOf(prompt, "Yes."));
    await analyse(model, id);
    expect(contentText(model.requests[0]?.messages[0]?.content)).toContain(ANALYSIS_PROMPTS[language].hint);
    expect((await mistakes.get(project, id))?.analyses[0]?.promptVersion).toBe(ANALYSIS_PROMPTS[language].version);
  });

  it.each([null, "", " \n\t"])("is an error, worth another attempt, when the model answers %j", async (answer) => {
    const id = await stored();
    const model = new ScriptedModel(answer);
    expect((await analyse(model, id)).ok).toBe(false);
    expect(await mistakes.get(project, id)).toMatchObject({ mistake: { state: "captured" }, analyses: [] });
    model.answer = "now";
    expect((await analyse(model, id)).ok).toBe(true);
  });

  it("leaves a mistake alone that was deleted since, or is another project's", async () => {
    const model = new ScriptedModel("x");
    expect(await analyse(model, "mis_nothing")).toEqual(ok("skipped"));
    const id = await stored();
    project = newProjectId();
    expect(await analyse(model, id)).toEqual(ok("skipped"));
    expect(model.requests).toEqual([]);
  });

  it("counts the call for the key whose mistake it is, whatever it is worth, and estimated where the upstream counted nothing", async () => {
    const id = await stored();
    const model = new ScriptedModel("");
    await analyse(model, id);
    model.answer = SOUND;
    await analyse(model, id);
    const call = { projectId: project, keyId: "key_root", purpose: "analysis", model: "the-analyst" };
    expect(meter.recorded).toEqual([
      ...Array.from({ length: 3 }, () => ({ ...call, promptTokens: 82, completionTokens: 0 })),
      { ...call, promptTokens: 82, completionTokens: 18 },
    ]);
  });

  it("asks no model once the day's analyses are bought: the mistake stays as it is, and is deferred", async () => {
    const [first, second] = [await stored(), await stored()];
    caps = { project: 1, key: 1 };
    const model = new ScriptedModel(SOUND);
    expect(await analyse(model, first)).toEqual({ ok: true, value: "analysed" });
    expect(await analyse(model, second)).toEqual({ ok: true, value: "deferred" });
    expect(model.requests).toHaveLength(1);
    expect(await mistakes.get(project, second)).toMatchObject({ mistake: { state: "captured" }, analyses: [] });
    const today = dayOf(ticking());
    expect(await budget.listDeferred(today, 10)).toEqual([]);
    expect(await budget.listDeferred(today + 1, 10)).toEqual([{ projectId: project, mistakeId: second }]);
  });

  it("redacts what the model says, and mends ill-formed text", async () => {
    const id = await stored();
    const said = "It names anna.smith@example.com.";
    await analyse(new ScriptedModel(`${said}\ud800`), id);
    expect((await mistakes.get(project, id))?.analyses[0]?.text).toBe(`${redact(said).text}\uFFFD`);
  });

  it("asks again, with a seed of its own, until a text passes, and keeps that one", async () => {
    const id = await stored();
    const model = new ScriptedModel("Bad.");
    const complete = model.complete.bind(model);
    model.complete = async (request) => {
      if (model.requests.length === 2) model.answer = SOUND;
      return await complete(request);
    };
    await analyse(model, id);
    expect((await mistakes.get(project, id))?.analyses).toMatchObject([{ text: SOUND, quality: [], attempts: 3 }]);
    const seeds = model.requests.map(({ seed }) => seed);
    expect(new Set(seeds).size).toBe(3);
    expect(model.requests.map(({ temperature }) => temperature)).toEqual([0, 0.7, 0.7]);
  });

  it("keeps the best of those that fail, marked, and what was said before the upstream failed", async () => {
    const id = await stored();
    const model = new ScriptedModel("Bad.");
    const complete = model.complete.bind(model);
    model.complete = async (request) => {
      model.answer = ["Bad.", "A lamp with a refund. ".repeat(30), null][model.requests.length] ?? null;
      return await complete(request);
    };
    expect(await analyse(model, id)).toEqual(ok("analysed"));
    const [kept] = (await mistakes.get(project, id))?.analyses ?? [];
    expect(kept).toMatchObject({ quality: ["repetition"], attempts: 3 });
  });

  it("analyses what failed on another day again, three times in all, and never twice on one day", async () => {
    const id = await stored();
    const model = new ScriptedModel("Bad.");
    const today = dayOf(ticking());
    for (const calls of [3, 6, 9]) {
      expect(await analyse(model, id)).toEqual(ok("analysed"));
      expect(model.requests).toHaveLength(calls);
      expect(await analyse(model, id)).toEqual(ok("skipped"));
      daysLater += 1;
      const deferred = await budget.listDeferred(today + daysLater, 10);
      expect(deferred).toEqual(calls < 9 ? [{ projectId: project, mistakeId: id }] : []);
      await budget.resume(deferred, today + daysLater);
    }
    expect(await analyse(model, id)).toEqual(ok("skipped"));
    const seeds = model.requests.map(({ seed }) => seed);
    expect(new Set(seeds).size).toBe(9);
    expect((await mistakes.get(project, id))?.analyses).toHaveLength(3);
  });

  it("asks no more about what failed once a person has dismissed it", async () => {
    const id = await stored();
    await analyse(new ScriptedModel("Bad."), id);
    await mistakes.review(reviewOf(project, id, { decision: "dismiss" }));
    daysLater += 1;
    expect(await analyse(new ScriptedModel(SOUND), id)).toEqual(ok("skipped"));
  });
});
