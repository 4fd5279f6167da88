// How every judge reads: bounded pieces from the end, a few calls at once, until a round has a flag. Law: only a clear judgement of
// every piece is a pass; a call that failed is an error, an empty text is never sent, and what was not shown is not claimed as checked.
import type { Result } from "../../lib/result.ts";
import type { Exchange, ExchangeText } from "../exchange.ts";
import type { Finding, Side, Verdict } from "../verdict.ts";
import { unreadReason } from "../unread.ts";
import { failed, judged as judgedVerdict, skipped } from "../verdicts.ts";

/** With prompt and context about 3,000 tokens of English, so that a context of 8,192 holds the most wasteful script too. */
export const MOST_JUDGED_CHARACTERS = 6_000;
export const MOST_CONTEXT_CHARACTERS = 4_000;
/** a sentence or two */
export const OVERLAP_CHARACTERS = 400;
/** what one verdict may cost: 45,200 characters are read, the last ones of a longer text */
export const MOST_CALLS = 8;
export const MOST_READ_CHARACTERS =
  MOST_JUDGED_CHARACTERS + (MOST_CALLS - 1) * (MOST_JUDGED_CHARACTERS - OVERLAP_CHARACTERS);
/** Few enough to be no flood, many enough for a verdict's deadline; a Worker opens six connections at once. */
export const MOST_CALLS_AT_ONCE = 4;

export const PIECES = { most: MOST_JUDGED_CHARACTERS, overlap: OVERLAP_CHARACTERS, count: MOST_CALLS } as const;

/** Judged is either what was sent or the answer; the rest of the exchange is its context. */
export interface Subject {
  readonly judged: readonly ExchangeText[];
  readonly context: readonly ExchangeText[];
}

/** The system prompt is the client's own: it is what a request or an answer is judged by. */
export function subjectOf({ conversation, answer }: Exchange, side: Side): Subject {
  if (side === "output") return { judged: answer, context: conversation };
  return {
    judged: conversation.filter(({ role }) => role !== "system"),
    context: conversation.filter(({ role }) => role === "system"),
  };
}

/** What a judge clearly said of one piece. */
export interface Judgement {
  /** empty: no violation */
  readonly findings: readonly Finding[];
  /** the judge's own reason */
  readonly rationale: string | null;
  /** where the judge gives one, with the threshold it was held against if there is one number for that */
  readonly score: { readonly score: number; readonly threshold: number | null } | null;
}

/** A judge without scores and reasons. */
export function judgement(findings: readonly Finding[]): Judgement {
  return { findings, rationale: null, score: null };
}

interface Judging<Piece> {
  readonly identity: { readonly id: string; readonly version: string };
  readonly side: Side;
  /** of all that is judged */
  readonly length: number;
  readonly pieces: readonly Piece[];
  readonly signal: AbortSignal;
  readonly ask: (piece: Piece) => Promise<Result<Judgement, string>>;
}

function highest(judgements: readonly Judgement[]): Judgement["score"] {
  return judgements.reduce<Judgement["score"]>(
    (best, { score }) => (score !== null && (best === null || score.score > best.score) ? score : best),
    null,
  );
}

/** Overlapping pieces find the same thing twice. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

function concluded(
  { identity, side }: Pick<Judging<never>, "identity" | "side">,
  judgements: readonly Judgement[],
): Verdict {
  const flagged = judgements.filter(({ findings }) => findings.length > 0);
  const heard = flagged.length > 0 ? flagged : judgements;
  const findings = distinct(flagged.flatMap((each) => each.findings));
  const rationale = heard.find((each) => each.rationale !== null)?.rationale ?? null;
  return judgedVerdict(identity, side, findings, { ...highest(heard), rationale });
}

export async function judgeInPieces<Piece>(judging: Judging<Piece>): Promise<Verdict> {
  const { identity, side, length, pieces, signal, ask } = judging;
  if (pieces.length === 0) return skipped(identity, side, "There is no text to judge.");
  const clear: Judgement[] = [];
  for (let first = 0; first < pieces.length; first += MOST_CALLS_AT_ONCE) {
    const said = await Promise.all(
      pieces.slice(first, first + MOST_CALLS_AT_ONCE).map(async (piece) => {
        signal.throwIfAborted();
        return await ask(piece);
      }),
    );
    const round = said.flatMap((each) => (each.ok ? [each.value] : []));
    if (round.some(({ findings }) => findings.length > 0)) return concluded(judging, round);
    const failure = said.find((each) => !each.ok);
    if (failure !== undefined) return failed(identity, side, failure.error);
    clear.push(...round);
  }
  if (length > MOST_READ_CHARACTERS) return skipped(identity, side, unreadReason(MOST_READ_CHARACTERS, length));
  return concluded(judging, clear);
}
