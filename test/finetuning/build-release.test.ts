// Building a release: pure, each confirmed mistake once, no prompt in two splits, no bad answer as a target, no hint anywhere.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ANALYSIS_PROMPTS, OVER_REFUSAL_PROMPTS } from "../../src/analysis/analysis-prompts.ts";
import { buildRelease, type BuiltRelease, type ReleaseInputs } from "../../src/finetuning/build-release.ts";
import type { CheckTarget } from "../../src/finetuning/check-target.ts";
import { linesIn } from "../../src/finetuning/formats/release-formats.ts";
import { heldOutBy } from "../../src/finetuning/holdout.ts";
import type { NormalPair } from "../../src/finetuning/normal-pair.ts";
import { shuffledPairs } from "../../src/finetuning/normal-pair-source.ts";
import { splitByHash } from "../../src/finetuning/split-examples.ts";
import { promptKeyOf, targetText } from "../../src/finetuning/training-example.ts";
import { GUIDANCE_TEXTS } from "../../src/generation/guidance/guidance-texts.ts";
import { fnv1a } from "../../src/lib/fnv1a.ts";
import type { MistakeWithAnalyses } from "../../src/mistake/mistake-store.ts";
import type { Mistake } from "../../src/mistake/mistake.ts";
import { MOST_ANALYSES_SHARE, NO_HOLDOUT } from "../../src/release/release.ts";
import { wellFormedText } from "../fixtures/arbitrary.ts";
import { analysisOf, capturedMistake, exchangeOf } from "../fixtures/records.ts";

const lineSchema = z.strictObject({
  messages: z.tuple([
    z.strictObject({ role: z.literal("user"), content: z.string().min(1) }),
    z.strictObject({ role: z.literal("assistant"), content: z.string().min(1) }),
  ]),
});

const passes: CheckTarget = (example) => example;
const orderOf = (text: string): number => fnv1a(text, "rel_1");

function mistakeOf(prompt: string, answer: string, ...analyses: readonly string[]): MistakeWithAnalyses {
  const { mistake } = capturedMistake("prj_1", { state: "confirmed" });
  return {
    mistake: { ...mistake, exchange: exchangeOf(prompt, answer) },
    analyses: analyses.map((text) => analysisOf("prj_1", mistake.id, { text })),
  };
}

const pairsOf = (count: number): NormalPair[] =>
  Array.from({ length: count }, (_, index) => ({ prompt: `Ordinary question ${index}?`, answer: `Answer ${index}.` }));

const built = (
  mistakes: readonly MistakeWithAnalyses[],
  normalPairs: readonly NormalPair[] = pairsOf(100),
  checkTarget = passes,
  changes: Partial<ReleaseInputs> = {},
): BuiltRelease =>
  buildRelease({ mistakes, normalPairs: shuffledPairs(normalPairs, orderOf), checkTarget, orderOf, ...changes });

const linesOf = ({ train, validation }: BuiltRelease): readonly string[] =>
  linesIn("openai_chat", [...train, ...validation]);
const turnsOf = (line: string): readonly [string, string] => {
  const [user, assistant] = lineSchema.parse(JSON.parse(line)).messages;
  return [user.content, assistant.content];
};

/** What our instructions say, sentence by sentence. */
const INSTRUCTIONS = [
  ...Object.values(ANALYSIS_PROMPTS).flatMap(({ hint, question }) => [hint, question]),
  ...Object.values(OVER_REFUSAL_PROMPTS).flatMap(({ hint, question }) => [hint, question]),
  ...Object.values(GUIDANCE_TEXTS).flatMap(({ before, after }) => [before, ...(after.match(/[^.。]+[.。]/g) ?? [])]),
].map((sentence) => sentence.trim());

const promptText = fc.oneof(fc.constantFrom("Same prompt?", " same  PROMPT? ", "同一个问题？"), wellFormedText);
const saying = fc.oneof(wellFormedText, fc.constantFrom(...INSTRUCTIONS));
const anyMistake = fc
  .tuple(promptText, fc.array(saying, { minLength: 1, maxLength: 3 }), fc.array(saying, { minLength: 1, maxLength: 3 }))
  .map(([prompt, answer, analysis]) => mistakeOf(prompt, answer.join(" "), analysis.join("\n")));
const anyPair = fc.record({
  prompt: promptText.filter((text) => text !== ""),
  answer: fc.constantFrom("Fine.", "好的。"),
});

describe("buildRelease", () => {
  it("keeps its laws whatever it is given", () => {
    fc.assert(
      fc.property(fc.array(anyMistake, { maxLength: 25 }), fc.array(anyPair, { maxLength: 60 }), (mistakes, pairs) => {
        const release = built(mistakes, pairs);
        const examples = [...release.train, ...release.validation];
        const validationPrompts = new Set(release.validation.map(({ promptKey }) => promptKey));
        expect(release.train.filter(({ promptKey }) => validationPrompts.has(promptKey))).toEqual([]);

        const used = examples.flatMap(({ mistakeId }) => (mistakeId === null ? [] : [mistakeId]));
        const withheld = release.withheld.flatMap(({ mistakeId }) => (mistakeId === null ? [] : [mistakeId]));
        expect([...used, ...withheld].toSorted()).toEqual(mistakes.map(({ mistake }) => mistake.id).toSorted());

        if (used.length === 0) expect(examples).toEqual([]);
        const wanted = Math.ceil((used.length * (1 - MOST_ANALYSES_SHARE)) / MOST_ANALYSES_SHARE);
        expect(examples.length - used.length).toBe(Math.min(wanted, pairs.length));

        for (const line of linesOf(release)) {
          expect(line.endsWith("\n")).toBe(true);
          expect(line.indexOf("\n")).toBe(line.length - 1);
          lineSchema.parse(JSON.parse(line));
          for (const sentence of INSTRUCTIONS) expect(line).not.toContain(JSON.stringify(sentence).slice(1, -1));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("gives the same bytes for the same inputs, whatever order the pairs come in", () => {
    const mistakes = Array.from({ length: 12 }, (_, index) =>
      mistakeOf(`Question ${index}?`, `Bad ${index}.`, `Why ${index}.`),
    );
    const once = linesOf(built(mistakes));
    expect(linesOf(built(mistakes))).toEqual(once);
    expect(linesOf(built(mistakes, pairsOf(100).toReversed())).toSorted()).toEqual(once.toSorted());
  });

  it("asks unguided, with the bad answer in the user turn alone", () => {
    const mistake = mistakeOf("Can I return it?", "You get a full refund, always.", "First.", "It promises too much.");
    const [line] = linesOf(built([mistake], []));
    expect(turnsOf(line ?? "")).toEqual([
      "Instruction:\nCan I return it?\n\nAnswer:\nYou get a full refund, always.\n\nAnalyse this answer.",
      "It promises too much.",
    ]);
  });

  it("asks in Chinese about Chinese mistakes", () => {
    const [line] = linesOf(built([mistakeOf("我可以退货吗？", "随时全额退款。", "这个回答承诺过多。")], []));
    expect(turnsOf(line ?? "")).toEqual([
      "指令:\n我可以退货吗？\n\n回答:\n随时全额退款。\n\n请分析这个回答。",
      "这个回答承诺过多。",
    ]);
  });

  it("cuts the bad answer out of an analysis that quotes it", () => {
    const answer = "You get a full refund, always.";
    const [line] = linesOf(built([mistakeOf("Q?", answer, `«${answer}» promises too much.`)], []));
    expect(turnsOf(line ?? "")[1]).toBe("«[withheld]» promises too much.");
  });

  it.each([
    ["no analysis", mistakeOf("Q?", "Bad."), "empty_analysis"],
    ["an empty one", mistakeOf("Q?", "Bad.", "  "), "empty_analysis"],
    ["the hint alone", mistakeOf("Q?", "Bad.", ANALYSIS_PROMPTS.en.hint), "empty_analysis"],
    [
      "the bad answer alone",
      mistakeOf("Q?", "Bad, bad, bad and worse.", " Bad, bad, bad and worse. "),
      "empty_analysis",
    ],
    ["the guidance as the answer", mistakeOf("Q?", GUIDANCE_TEXTS.en.after, "It repeats."), "empty_answer"],
  ])("withholds a mistake with %s", (_, mistake, reason) => {
    const release = built([mistake]);
    expect(linesOf(release)).toEqual([]);
    expect(release.withheld).toEqual([{ mistakeId: mistake.mistake.id, reason }]);
  });

  it("withholds every target that the check refuses, and takes other normal pairs instead", () => {
    const mistakes = [mistakeOf("Q?", "Bad.", "flagged"), mistakeOf("Q2?", "Bad.", "fine")];
    const pairs = [...pairsOf(3), { prompt: "P?", answer: "flagged" }];
    const release = built(mistakes, pairs, (example) =>
      example.messages.at(-1)?.content === "flagged" ? null : example,
    );
    expect(linesOf(release).join("")).not.toContain("flagged");
    expect([...release.train, ...release.validation]).toHaveLength(4);
    expect(release.withheld).toContainEqual({ mistakeId: mistakes[0]?.mistake.id, reason: "target_flagged" });
  });

  it.each([1, 3, 7, 30])("has at most 30 %% analyses with %d of them and enough normal pairs", (count) => {
    const mistakes = Array.from({ length: count }, (_, index) =>
      mistakeOf(`Question ${index}?`, "Bad.", `Why ${index}.`),
    );
    const { train, validation } = built(mistakes, pairsOf(200));
    const analyses = [...train, ...validation].filter(({ type }) => type === "analysis");
    expect(analyses).toHaveLength(count);
    expect(analyses.length / (train.length + validation.length)).toBeLessThanOrEqual(MOST_ANALYSES_SHARE);
  });

  it("validates on a tenth, once there are ten", () => {
    const mistakes = Array.from({ length: 20 }, (_, index) => mistakeOf(`Question ${index}?`, "Bad.", `Why ${index}.`));
    const { validation } = built(mistakes);
    expect(validation.filter(({ type }) => type === "analysis")).toHaveLength(2);
    expect(validation.filter(({ type }) => type === "normal")).toHaveLength(4);
    expect(built(mistakes.slice(0, 3)).validation).toEqual([]);
  });
});

it.each([
  ["Can I  RETURN\nit? ", "can i return it?"],
  ["ＡＢＣ", "abc"],
  ["", ""],
])("the prompts %j and %j are one", (left, right) => {
  expect(promptKeyOf(left)).toBe(promptKeyOf(right));
});

describe("refusals in a release", () => {
  const REFUSAL = "I'm sorry, but I can't assist with that.";
  const refused = (prompt: string, analysis: string): MistakeWithAnalyses => {
    const { mistake, analyses } = mistakeOf(prompt, REFUSAL, analysis);
    return { mistake: { ...mistake, kind: "over_refusal", categories: ["over_refusal"] }, analyses };
  };

  it("shows the refusal of a benign request in the user turn alone, with the analysis as target", () => {
    const release = built([refused("How do I water plants?", "The request was harmless, so an answer was due.")]);
    const turns = linesOf(release).map(turnsOf);
    expect(turns.filter(([, target]) => target.includes(REFUSAL))).toEqual([]);
    expect(turns.filter(([user]) => user.includes(REFUSAL))).toMatchObject([
      [expect.anything(), "The request was harmless, so an answer was due."],
    ]);
  });

  it("withholds an analysis that refuses to analyse, whatever the kind", () => {
    for (const mistake of [
      refused("Water?", "I cannot help with analysing this."),
      mistakeOf("Lamp?", "A bad answer.", "我无法协助分析这个问题。"),
    ]) {
      const { withheld, train, validation } = built([mistake]);
      expect(withheld).toEqual([{ mistakeId: mistake.mistake.id, reason: "refused_analysis" }]);
      expect([...train, ...validation]).toEqual([]);
    }
  });

  it("withholds a normal pair that refuses what was refused in error", () => {
    const mistake = refused("How do I water plants?", "An answer was due.");
    const pairs: NormalPair[] = [
      { prompt: "how do I  water plants?", answer: REFUSAL },
      { prompt: "How do I break in?", answer: REFUSAL },
    ];
    const release = built([mistake], pairs);
    expect(release.withheld).toEqual([{ mistakeId: null, reason: "refused_again" }]);
    const prompts = linesOf(release).map((line) => turnsOf(line)[0]);
    expect(prompts).toContain("How do I break in?");
    expect(prompts).not.toContain("how do I  water plants?");
  });
});

describe("what else becomes an example", () => {
  const withChanges = (changes: Partial<Mistake>, ...analyses: readonly string[]): MistakeWithAnalyses => {
    const made = mistakeOf(`About ${changes.correction ?? "it"}?`, "You get a full refund, always.", ...analyses);
    return { ...made, mistake: { ...made.mistake, ...changes } };
  };
  const examplesOf = ({ train, validation }: BuiltRelease): BuiltRelease["train"] => [...train, ...validation];

  it("answers the mistake's conversation by its correction, with earlier turns unlearnt", () => {
    const made = withChanges({ correction: "Within 30 days, with the receipt." });
    const messages = [
      { role: "system" as const, content: "You work in a lamp shop." },
      { role: "user" as const, content: "Hello!" },
      { role: "assistant" as const, content: "Hello, how can I help?" },
      { role: "user" as const, content: "Can I return it?" },
    ];
    const mistake = { ...made.mistake, exchange: { ...made.mistake.exchange, messages } };
    const release = built([{ ...made, mistake }], []);
    expect(linesOf(release).map((line): unknown => JSON.parse(line))).toEqual([
      {
        messages: [
          messages[0],
          messages[1],
          { ...messages[2], weight: 0 },
          messages[3],
          { role: "assistant", content: "Within 30 days, with the receipt." },
        ],
      },
    ]);
    expect(release.withheld).toEqual([]);
  });

  it("prefers the correction to the mistaken answer, where a format has preferences", () => {
    const item = withChanges({ correction: "Within 30 days." }, "It promises too much.");
    expect(
      examplesOf(built([item], []))
        .map(({ type }) => type)
        .toSorted(),
    ).toEqual(["analysis", "correction"]);
    const release = built([item], [], passes, { withPreferences: true });
    const preference = examplesOf(release).find(({ type }) => type === "preference");
    expect(preference).toMatchObject({ rejected: "You get a full refund, always." });
    expect(preference === undefined ? "" : targetText(preference)).toBe("Within 30 days.");
  });

  it("takes no analysis that failed its check, and an earlier one that passed", () => {
    const item = mistakeOf("Q?", "A bad answer of some length.", "The first explains it.", "The second is json.");
    const unsound = item.analyses.map((each, place) => ({ ...each, quality: place === 1 ? (["json"] as const) : [] }));
    const [line] = linesOf(built([{ ...item, analyses: unsound }], []));
    expect(turnsOf(line ?? "")[1]).toBe("The first explains it.");
    const none = item.analyses.map((each) => ({ ...each, quality: ["json"] as const }));
    expect(built([{ ...item, analyses: none }], []).withheld).toEqual([
      { mistakeId: item.mistake.id, reason: "unsound_analysis" },
    ]);
  });

  it("has one example for a cluster, and its other members beside it", () => {
    const items = ["a", "a", "b", null, null].map((clusterId, place) => {
      const item = mistakeOf(`Question ${place}?`, "A bad answer.", `Why ${place}.`);
      return { ...item, mistake: { ...item.mistake, clusterId } };
    });
    const release = built(items, [], passes, { represented: new Set(["b"]) });
    expect(release.members.map(({ mistakeId }) => mistakeId)).toEqual([items[1]?.mistake.id, items[2]?.mistake.id]);
    expect(examplesOf(release)).toHaveLength(3);
    expect(built(items, [], passes, { represented: null }).members).toEqual([]);
  });

  it("weighs sources: none, some of them the same each time, and twice", () => {
    const items = Array.from({ length: 200 }, (_, place) =>
      withChanges({ source: place % 2 === 0 ? "induction" : "import", correction: null }, `Why ${place}.`),
    );
    const count = (induction: number): number =>
      examplesOf(built(items, [], passes, { weights: { induction, import: 0 } })).length;
    expect([count(0), count(1), count(2)]).toEqual([0, 100, 200]);
    expect(count(0.5)).toBeGreaterThan(30);
    expect(count(0.5)).toBeLessThan(70);
    expect(count(0.5)).toBe(count(0.5));
  });

  it.each([
    ["a category", { categories: ["custom:test" as const] }],
    ["a kind", { kinds: ["other" as const] }],
    ["a source", { sources: ["production" as const] }],
    ["a topic", { topics: ["ＲＥＴＵＲＮ it"] }],
  ])("holds out %s", (_, held) => {
    const item = mistakeOf("Can I  return it?", "A bad answer.", "It promises too much.");
    const isHeldOut = heldOutBy({ ...NO_HOLDOUT, ...held });
    const release = built([item], pairsOf(9), passes, { isHeldOut });
    expect(examplesOf(release)).toEqual([]);
    expect(release.withheld).toEqual([{ mistakeId: item.mistake.id, reason: "held_out" }]);
  });

  it("holds out what an induction run made with a technique", () => {
    const item = mistakeOf("Q?", "A bad answer.", "Why.");
    const provenance = { ...item.mistake.provenance, technique: "rot13" };
    const induced = { ...item, mistake: { ...item.mistake, provenance } };
    const heldOut = (technique: string) => heldOutBy({ ...NO_HOLDOUT, techniques: [technique] })(induced.mistake);
    expect([heldOut("rot13"), heldOut("base64")]).toEqual([true, false]);
    expect(heldOutBy({ ...NO_HOLDOUT, techniques: ["rot13"] })(item.mistake)).toBe(false);
  });

  it("takes good answers before normal pairs, and as many in all", () => {
    const good = withChanges({ state: "dismissed" });
    const release = built([mistakeOf("Q?", "A bad answer.", "Why.")], pairsOf(9), passes, { goodAnswers: [good] });
    const normal = examplesOf(release).filter(({ type }) => type === "normal");
    expect(normal).toHaveLength(3);
    expect(normal.filter(({ mistakeId }) => mistakeId === good.mistake.id)).toHaveLength(1);
    expect(release.pairsRead).toBe(2);
  });

  it("withholds a correction that has something to cut out, refuses again, or is private", () => {
    const cuts: CheckTarget = (example) => ({
      ...example,
      messages: [...example.messages.slice(0, -1), { role: "assistant", content: "[withheld]" }],
    });
    const reasonOf = (correction: string, check: CheckTarget, kind: Mistake["kind"] = "other"): string | undefined =>
      built([withChanges({ correction, kind })], [], check).withheld[0]?.reason;
    expect(reasonOf("Within 30 days.", cuts)).toBe("target_flagged");
    expect(reasonOf("I'm sorry, but I can't assist with that.", passes, "over_refusal")).toBe("refused_again");
    expect(reasonOf("Write to jane.doe@bakery-mail.com about it.", passes)).toBe("personal_data");
    expect(reasonOf(" ", passes)).toBe("empty_answer");
    expect(reasonOf("x".repeat(2_000_000), passes)).toBe("too_long");
  });

  it("splits by the prompt alone where it is made part by part", () => {
    const splitOf = splitByHash(7);
    const items = Array.from({ length: 300 }, (_, place) => mistakeOf(`Question ${place}?`, "Bad.", `Why ${place}.`));
    const release = built(items, [], passes, { splitOf });
    for (const { promptKey } of release.validation) expect(splitOf(promptKey)).toBe("validation");
    expect(release.validation.length).toBeGreaterThan(10);
    expect(release.validation.length).toBeLessThan(60);
  });
});
