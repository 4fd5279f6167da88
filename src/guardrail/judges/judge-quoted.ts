// How a judge that is a chat model reads an exchange: piece by piece as quoted turns, each beside the end of its context.
import type { Result } from "../../lib/result.ts";
import type { Exchange } from "../exchange.ts";
import type { Side, Verdict } from "../verdict.ts";
import { judgeInPieces, type Judgement, MOST_CONTEXT_CHARACTERS, PIECES, subjectOf } from "./judge-in-pieces.ts";
import { endOf, lengthOf, type Piece, piecesOf, turnsOf } from "./quoted-turns.ts";

export async function judgeQuoted(
  identity: { readonly id: string; readonly version: string },
  exchange: Exchange,
  side: Side,
  signal: AbortSignal,
  ask: (context: Piece, judged: Piece) => Promise<Result<Judgement, string>>,
): Promise<Verdict> {
  const subject = subjectOf(exchange, side);
  const turns = turnsOf(subject.judged);
  const context = endOf(turnsOf(subject.context), MOST_CONTEXT_CHARACTERS);
  return await judgeInPieces({
    ...{ identity, side, length: lengthOf(turns), pieces: piecesOf(turns, PIECES), signal },
    ask: async (judged) => await ask(context, judged),
  });
}
