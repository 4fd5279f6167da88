// Building a release: pure, each confirmed mistake once, no prompt in two splits, no bad answer as a target, no hint anywhere.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ANALYSIS_PROMPTS, OVER_REFUSAL_PROMPTS } from "../../src/analysis/analysis-prompts.ts";
import {
  buildRelease,
  MOST_ANALYSES_SHARE,
  type BuiltRelease,
  type CheckTarget,
} from "../../src/finetuning/build-release.ts";
import type { NormalPair } from "../../src/finetuning/normal-pair.ts";
import { exampleLine, promptKeyOf } from "../../src/finetuning/training-example.ts";
import { GUIDANCE_TEXTS } from "../../src/generation/guidance/guidance-texts.ts";
import { fnv1a } from "../../src/lib/fnv1a.ts";
import type { MistakeWithAnalyses } from "../../src/mistake/mistake-store.ts";
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
): BuiltRelease => buildRelease({ mistakes, normalPairs, checkTarget, orderOf });

const linesOf = ({ train, validation }: BuiltRelease): readonly string[] => [...train, ...validation].map(exampleLine);
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
