// Lint reads a release's files as a trainer would. The checks named after a mutation are what `npm run mutation` expects to go red.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ANALYSIS_PROMPTS, OVER_REFUSAL_PROMPTS } from "../../../src/analysis/analysis-prompts.ts";
import { buildRelease, type BuiltRelease, type ReleaseInputs } from "../../../src/finetuning/build-release.ts";
import { checkTargetWith } from "../../../src/finetuning/check-target.ts";
import { linesIn } from "../../../src/finetuning/formats/release-formats.ts";
import { lintRelease, type LintInputs } from "../../../src/finetuning/lint/lint-release.ts";
import { lintSentence } from "../../../src/finetuning/lint/lint-faults.ts";
import { lintedPart } from "../../../src/finetuning/lint/linted-part.ts";
import { lineageOf } from "../../../src/finetuning/release-lineage.ts";
import { DELIBERATION_PROMPTS } from "../../../src/generation/guidance/deliberation-prompts.ts";
import { GUIDANCE_TEXTS } from "../../../src/generation/guidance/guidance-texts.ts";
import type { FastGuardrail } from "../../../src/guardrail/guardrail.ts";
import { fnv1a } from "../../../src/lib/fnv1a.ts";
import type { MistakeWithAnalyses } from "../../../src/mistake/mistake-store.ts";
import type { Mistake } from "../../../src/mistake/mistake.ts";
import { dataFileName } from "../../../src/release/release-file-name.ts";
import { RELEASE_FORMATS, SPLITS } from "../../../src/release/release.ts";
import { anyText } from "../../fixtures/arbitrary.ts";
import { phraseGuardrail } from "../../fakes/phrase-guardrail.ts";
import { analysisOf, capturedMistake, exchangeOf } from "../../fixtures/records.ts";

const guardrails: readonly FastGuardrail[] = [phraseGuardrail("badword", "custom:test")];

function itemOf(prompt: string, answer: string, analysis: string, changes: Partial<Mistake> = {}): MistakeWithAnalyses {
  const { mistake } = capturedMistake("prj_1", { state: "confirmed" });
  return {
    mistake: { ...mistake, exchange: exchangeOf(prompt, answer), ...changes },
    analyses: [analysisOf("prj_1", mistake.id, { text: analysis })],
  };
}

const pairs = Array.from({ length: 60 }, (_, place) => ({ prompt: `Ordinary ${place}?`, answer: `Answer ${place}.` }));

function build(mistakes: readonly MistakeWithAnalyses[], changes: Partial<ReleaseInputs> = {}): BuiltRelease {
  const orderOf = (text: string): number => fnv1a(text, "order 0");
  const checkTarget = checkTargetWith(guardrails);
  return buildRelease({ mistakes, normalPairs: pairs, checkTarget, orderOf, withPreferences: true, ...changes });
}

function filesOf(built: BuiltRelease): ReadonlyMap<string, string> {
  return new Map(
    RELEASE_FORMATS.flatMap((format) =>
      SPLITS.map(
        (split) => [dataFileName({ format, split, part: 1 }), linesIn(format, built[split]).join("")] as const,
      ),
    ),
  );
}

const terms: Omit<LintInputs, "files" | "lineage"> = {
  guardrails,
  isReviewed: () => true,
  isHeldOutText: () => false,
};

function faultsOf(built: BuiltRelease, changes: Partial<LintInputs> = {}): readonly string[] {
  const { lineage } = lineageOf(built, []);
  const { faults } = lintRelease({ ...terms, files: filesOf(built), lineage, ...changes });
  return [...new Set(faults.map(({ fault }) => fault))].toSorted();
}

const HINTS = [
  ...[...Object.values(ANALYSIS_PROMPTS), ...Object.values(OVER_REFUSAL_PROMPTS)].flatMap(({ hint, question }) => [
    hint,
    question,
  ]),
  ...Object.values(GUIDANCE_TEXTS).flatMap(({ before, after }) => [before, after]),
  ...Object.values(DELIBERATION_PROMPTS).map(({ lead }) => lead),
];

const mistakes = Array.from({ length: 24 }, (_, place) =>
  itemOf(`Question ${place}?`, `A bad answer ${place}.`, `Why ${place} is wrong: it says badword.`, {
    correction: place % 2 === 0 ? `A better answer ${place}.` : null,
  }),
);

describe("lintRelease", () => {
  it("finds nothing wrong with what was built, in any format", () => {
    const built = build(mistakes);
    expect(built.validation.length).toBeGreaterThan(0);
    expect(faultsOf(built)).toEqual([]);
  });

  it.each(HINTS)("lint_hint: no hint stands in a row, whoever repeats it: %s", (hint) => {
    const quoting = [
      itemOf(`What does this mean: ${hint}`, "A bad answer.", "It explains nothing."),
      itemOf("Other?", `Well. ${hint}`, "It repeats itself."),
      itemOf("Third?", "A bad answer.", `${hint} It is wrong.`, { correction: `${hint} Fine.` }),
    ];
    expect(faultsOf(build(quoting))).toEqual([]);
    const leaked = build([itemOf("Q?", "Bad.", "Why.")]);
    const add = (place: 0 | 1): BuiltRelease => ({
      ...leaked,
      train: leaked.train.map((example) => ({
        ...example,
        messages: example.messages.map((message, at) =>
          at === place ? { ...message, content: `${message.content} ${hint.toUpperCase()}` } : message,
        ),
      })),
    });
    expect(faultsOf(add(0))).toContain("hint_in_context");
    expect(faultsOf(add(1))).toContain("hint_in_target");
  });

  it("lint_split: no prompt stands in two splits", () => {
    const same = Array.from({ length: 40 }, (_, place) =>
      itemOf(place % 2 === 0 ? `Same ${place % 8}?` : `SAME  ${(place - 1) % 8}?`, `Bad ${place}.`, `Why ${place}.`),
    );
    const built = build(same);
    expect(faultsOf(built)).toEqual([]);
    const crossed = { ...built, validation: [...built.validation, ...built.train.slice(0, 1)] };
    expect(faultsOf(crossed)).toContain("prompt_in_two_splits");
  });

  it("lint_target: no target is harmful", () => {
    const harmful = itemOf("Q?", "Bad.", "Why.", { correction: "Say badword." });
    const built = build([harmful, ...mistakes], { normalPairs: [{ prompt: "P?", answer: "badword" }, ...pairs] });
    expect(faultsOf(built)).toEqual([]);
    expect(faultsOf(build([harmful], { checkTarget: (example) => example }))).toContain("harmful_target");
  });

  it.each<[string, string, Partial<LintInputs>]>([
    ["a guardrail that fails", "unchecked_target", { guardrails: [failing()] }],
    ["a mistake that nobody reviewed", "unreviewed_mistake", { isReviewed: () => false }],
    ["what was to be held out", "held_out", { isHeldOutText: (text) => text.includes("Question 3") }],
    ["a prompt in another split than it should be in", "prompt_in_two_splits", { splitOf: () => "validation" }],
    ["a lineage of other rows", "lineage", { lineage: [] }],
    ["a line that is no JSON", "not_json", { files: new Map([["train.jsonl", "{\n"]]) }],
    ["a row of another shape", "schema", { files: new Map([["train.jsonl", '{"messages":[]}\n']]) }],
    ["an assistant turn that is learnt too", "schema", { files: new Map([["train.jsonl", twoLearnt()]]) }],
  ])("finds %s", (_, fault, changes) => {
    expect(faultsOf(build(mistakes), changes)).toContain(fault);
  });

  it("finds what is private, wherever it stands", () => {
    const built = build([itemOf("Q?", "Bad.", "Why.")]);
    const told = built.train.map((example) => ({
      ...example,
      messages: [{ role: "user" as const, content: "I am jane.doe@bakery-mail.com" }, ...example.messages],
    }));
    expect(faultsOf({ ...built, train: told })).toContain("private_text");
  });

  it("finds a refusal of what was refused in error", () => {
    const refusing = { prompt: "May I bake bread?", answer: "I'm sorry, but I can't assist with that." };
    const built = build([itemOf("Q?", "Bad.", "Why.")], { normalPairs: [refusing] });
    expect(faultsOf(built)).toEqual([]);
    expect(faultsOf(built, { wasRefusedInError: (key) => key === "may i bake bread?" })).toEqual(["refused_again"]);
  });
});

function failing(): FastGuardrail {
  return {
    ...{ id: "odd", version: "1", sides: ["output"], categories: [] },
    check: () => {
      throw new Error("no");
    },
  };
}

function twoLearnt(): string {
  const messages = [
    { role: "user", content: "Hello!" },
    { role: "assistant", content: "Hello." },
    { role: "user", content: "And?" },
    { role: "assistant", content: "Well." },
  ];
  return `${JSON.stringify({ messages })}\n`;
}

const words = fc.oneof(anyText, fc.constantFrom("badword", "你好，请帮我。", "Grüezi mitenand!", ...HINTS, "Same?"));
const text = fc.array(words, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(" "));
const anyItem = fc
  .record({
    prompt: text,
    answer: text,
    analysis: text,
    correction: fc.option(text),
    kind: fc.constantFrom("other" as const, "over_refusal" as const),
    clusterId: fc.option(fc.constantFrom("a", "b")),
  })
  .map(({ prompt, answer, analysis, ...changes }) => itemOf(prompt, answer, analysis, changes));

describe("a part that is built and linted", () => {
  it("is clean, or says in one sentence why there is none, whatever the mistakes are", () => {
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 14 }), fc.boolean(), (items, flags) => {
        // A guardrail that sees more in lint than in building.
        const stricter = flags ? [...guardrails, phraseGuardrail("Same", "custom:late")] : guardrails;
        const result = lintedPart(build(items, { represented: new Set() }), {
          filesOf: (built) => new Map([...filesOf(built)].map(([name, each]) => [name, { text: each, rows: 0 }])),
          lineageOf: (built) => lineageOf(built, items),
          terms: { ...terms, guardrails: stricter },
        });
        if (!result.ok) {
          expect(result.error).toMatch(/^its files do not lint clean: \d+ faults/);
          return;
        }
        const { built, lineage } = result.value;
        expect(faultsOf(built, { lineage: lineage.lineage, guardrails: stricter })).toEqual([]);
        for (const file of filesOf(built).values()) expect(file).toBe(file.toWellFormed());
        const validation = new Set(built.validation.map(({ promptKey }) => promptKey));
        expect(built.train.filter(({ promptKey }) => validation.has(promptKey))).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  it("fails with the faults and the first place where rows can't be told apart", () => {
    const built = build(mistakes);
    const result = lintedPart(built, {
      filesOf: () => new Map([["train.jsonl", { text: "{\n", rows: 1 }]]),
      lineageOf: (each) => lineageOf(each, mistakes),
      terms,
    });
    expect(result).toMatchObject({ ok: false });
    expect(lintSentence({ rows: 1, found: 2, faults: [{ fault: "schema", file: "train.jsonl", row: 4 }] })).toBe(
      "its files do not lint clean: 2 faults (schema), first in train.jsonl row 4",
    );
  });
});
