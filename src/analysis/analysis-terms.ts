// The words of a text by which an analysis is compared with its exchange. Law: linear, and bounded in what it reads.
import { GENERIC_HAN, GENERIC_WORDS } from "./analysis-boilerplate.ts";
import { ANALYSIS_PROMPTS, OVER_REFUSAL_PROMPTS } from "./analysis-prompts.ts";

const MOST_CHARACTERS = 20_000;
const STEM_LETTERS = 5;
const SHORTEST_WORD = 4;
const HAN_RUN = /(\p{Script=Han}+)/gu;
const HAN = /\p{Script=Han}/u;
const RUN = /[\p{L}\p{M}\p{N}]+/gu;
/** A longer run of letters is several tokens, so that a loop without spaces is one too. */
const TOKEN = /\p{Script=Han}|[\p{L}\p{M}\p{N}]{1,12}/gu;

function runsOf(text: string): readonly string[] {
  return text.slice(0, MOST_CHARACTERS).toLowerCase().replace(HAN_RUN, " $1 ").match(RUN) ?? [];
}

/** Beginnings of words of four letters and more, numbers, and pairs of Han characters. */
function everyTerm(text: string): ReadonlySet<string> {
  const terms = new Set<string>();
  for (const run of runsOf(text)) {
    if (HAN.test(run)) for (let index = 0; index + 2 <= run.length; index += 1) terms.add(run.slice(index, index + 2));
    else if (run.length >= SHORTEST_WORD || /^\p{N}{2,}$/u.test(run)) terms.add(run.slice(0, STEM_LETTERS));
  }
  return terms;
}

const OURS = [...Object.values(ANALYSIS_PROMPTS), ...Object.values(OVER_REFUSAL_PROMPTS)].flatMap(
  ({ hint, question, instructionLabel, answerLabel }) => [hint, question, instructionLabel, answerLabel],
);
const GENERIC: ReadonlySet<string> = new Set(
  [GENERIC_WORDS, GENERIC_HAN, ...OURS].flatMap((text) => [...everyTerm(text)]),
);

/** Without what any analysis may say of any answer, and what our own prompts say. */
export function specificTerms(text: string): ReadonlySet<string> {
  return new Set([...everyTerm(text)].filter((term) => !GENERIC.has(term)));
}

/** Words in their order, a Han character being one. */
export function tokensOf(text: string): readonly string[] {
  return text.slice(0, MOST_CHARACTERS).toLowerCase().match(TOKEN) ?? [];
}

/** Runs of so many tokens, in their order. */
export function gramsOf(tokens: readonly string[], size: number): readonly string[] {
  const count = Math.max(0, tokens.length - size + 1);
  return Array.from({ length: count }, (_, index) => tokens.slice(index, index + size).join(" "));
}
