// The exchange as guard models take it: a conversation of user and assistant whose last turn is judged. Law: it begins with the user
// and alternates, for Llama Guard's template refuses anything else and Qwen3Guard's drops an assistant's first turn unread.
import { MOST_CONTEXT_CHARACTERS, PIECES, subjectOf } from "./judge-in-pieces.ts";
import type { Exchange } from "../exchange.ts";
import type { Side } from "../verdict.ts";
import { endOf, lengthOf, piecesOf, type QuotedTurn, turnsOf } from "./quoted-turns.ts";
import { withoutSpeakers } from "./special-tokens.ts";

export interface GuardTurn {
  readonly role: "user" | "assistant";
  readonly text: string;
}

export interface GuardConversation {
  /** never empty */
  readonly turns: readonly GuardTurn[];
  /** whose turn the last one is */
  readonly judged: GuardTurn["role"];
}

/** Stands for what is not there: an earlier part, or the question to an answer that came alone. */
const CUT = "[…]";

function alternating(turns: readonly QuotedTurn[]): readonly GuardTurn[] {
  const runs: { role: GuardTurn["role"]; texts: string[] }[] = [];
  for (const { role, text } of turns) {
    // What a tool gave back is not the model's word: it is judged as what was sent.
    const speaker = role === "assistant" ? "assistant" : "user";
    const last = runs.at(-1);
    if (last?.role === speaker) last.texts.push(withoutSpeakers(text));
    else runs.push({ role: speaker, texts: [withoutSpeakers(text)] });
  }
  if (runs[0]?.role === "assistant") runs.unshift({ role: "user", texts: [CUT] });
  return runs.map(({ role, texts }) => ({ role, text: texts.join("\n") }));
}

function marked(turns: readonly QuotedTurn[], isCut: boolean): readonly QuotedTurn[] {
  const [first, ...rest] = turns;
  return isCut && first !== undefined ? [{ ...first, text: `${CUT} ${first.text}` }, ...rest] : turns;
}

/** One conversation a piece, with the length of all that is judged. The system prompt is no part of it: guard models know no such turn. */
export function guardConversations(
  exchange: Exchange,
  side: Side,
): { readonly pieces: readonly GuardConversation[]; readonly length: number } {
  const { judged, context } = subjectOf(exchange, side);
  const turns = turnsOf(judged);
  const before = endOf(turnsOf(context.filter(({ role }) => role !== "system")), MOST_CONTEXT_CHARACTERS);
  const pieces = piecesOf(turns, PIECES).map((piece): GuardConversation => {
    const shown = alternating([...marked(before.turns, before.isCut), ...marked(piece.turns, piece.isCut)]);
    return { turns: shown, judged: shown.at(-1)?.role ?? "user" };
  });
  return { pieces, length: lengthOf(turns) };
}
