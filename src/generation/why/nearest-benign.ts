// The exchange most like this one that people of the same project called harmless: dismissed mistakes and over-refusals that an
// overrule recorded. Law: never an exchange of the very same request; the newest ones alone, so that the search is bounded.
import { answerText, conversationText, lastUserText } from "../../mistake/exchange-text.ts";
import type { FlaggedExchange } from "../../mistake/flagged-exchange.ts";
import type { MistakeStore } from "../../mistake/mistake-store.ts";
import type { Mistake } from "../../mistake/mistake.ts";
import { similarity, wordsOf, wordWeights } from "./word-similarity.ts";

const MOST_COMPARED = 200;
const PAGE_SIZE = 100;
const MOST_SHOWN_UNITS = 200;

export interface NearestBenign {
  readonly mistakeId: string;
  /** in [0, 1] */
  readonly similarity: number;
  readonly prompt: string;
  readonly answer: string;
}

function shown(text: string): string {
  return text.slice(0, MOST_SHOWN_UNITS).toWellFormed();
}

/** What was answered, or should have been. */
function goodAnswer({ exchange, kind, correction }: Mistake): string {
  return kind === "over_refusal" ? (correction ?? "") : answerText(exchange.answer);
}

async function benignMistakes(store: Pick<MistakeStore, "list">, projectId: string): Promise<readonly Mistake[]> {
  const found: Mistake[] = [];
  // An over-refusal that was dismissed was none: what it stands for was withheld rightly.
  const filters = [{ state: "dismissed" }, { kind: "over_refusal", source: "feedback" }] as const;
  for (const filter of filters) {
    let cursor: string | null = null;
    for (let read = 0; read < MOST_COMPARED; read += PAGE_SIZE) {
      const page: Awaited<ReturnType<MistakeStore["list"]>> = await store.list(projectId, filter, {
        limit: PAGE_SIZE,
        cursor,
      });
      found.push(...page.items.map(({ mistake }) => mistake));
      cursor = page.items.at(-1)?.mistake.id ?? null;
      if (!page.hasMore) break;
    }
  }
  return found
    .filter(({ kind, state }) => (kind === "over_refusal") !== (state === "dismissed"))
    .toSorted((left, right) => (left.id < right.id ? 1 : -1))
    .slice(0, MOST_COMPARED);
}

/** null where there is none that has a word in common. */
export async function nearestBenign(
  store: Pick<MistakeStore, "list">,
  projectId: string,
  flagged: FlaggedExchange,
): Promise<NearestBenign | null> {
  const benign = (await benignMistakes(store, projectId)).filter(
    ({ id, provenance }) => id !== flagged.id && provenance.requestId !== flagged.requestId,
  );
  // An attack has no answer, so that there the prompts alone are compared.
  const textOf = (messages: FlaggedExchange["messages"], answer: string): string =>
    flagged.answer === null ? conversationText(messages) : `${conversationText(messages)}\n${answer}`;
  const own = wordsOf(textOf(flagged.messages, flagged.answer === null ? "" : answerText(flagged.answer)));
  const others = benign.map((mistake) => ({
    mistake,
    words: wordsOf(textOf(mistake.exchange.messages, goodAnswer(mistake))),
  }));
  const weightOf = wordWeights([own, ...others.map(({ words }) => words)]);
  let nearest: { readonly mistake: Mistake; readonly alike: number } | null = null;
  for (const { mistake, words } of others) {
    const alike = similarity(own, words, weightOf);
    if (alike > (nearest?.alike ?? 0)) nearest = { mistake, alike };
  }
  if (nearest === null) return null;
  const { mistake, alike } = nearest;
  const prompt = shown(lastUserText(mistake.exchange.messages));
  return { mistakeId: mistake.id, similarity: alike, prompt, answer: shown(goodAnswer(mistake)) };
}
