// The user's turn that an exchange is about, and what it says underneath a disguise.
// Law: worked out once a conversation, and kept no longer than the conversation lives.
import type { ExchangeText } from "../exchange.ts";
import { undisguised } from "./disguise.ts";

/** The same list for the same conversation, which is read on both sides. */
const knownTurns = new WeakMap<readonly ExchangeText[], readonly string[]>();
const knownReadings = new WeakMap<readonly string[], readonly (readonly string[])[]>();

/** The user's turn in work: the last run of user texts, and what tools said since. */
export function turnInWork(conversation: readonly ExchangeText[]): readonly string[] {
  const last = conversation.findLastIndex(({ role }) => role === "user");
  let first = last;
  while (first > 0 && conversation[first - 1]?.role === "user") first -= 1;
  return conversation
    .slice(Math.max(first, 0))
    .filter(({ role }) => role === "user" || role === "tool")
    .map(({ text }) => text);
}

export function turnOf(conversation: readonly ExchangeText[]): readonly string[] {
  const turn = knownTurns.get(conversation) ?? turnInWork(conversation);
  knownTurns.set(conversation, turn);
  return turn;
}

/** The turn's texts without their disguises, in up to two readings; none where nothing is disguised. */
export function promptReadings(turn: readonly string[]): readonly (readonly string[])[] {
  const known = knownReadings.get(turn);
  if (known !== undefined) return known;
  const ofTexts = turn.map((text) => undisguised(text));
  const most = Math.max(0, ...ofTexts.map(({ length }) => length));
  const readings = Array.from({ length: most }, (_, place) =>
    turn.map((text, index) => {
      const readingsOfText = ofTexts[index] ?? [];
      return readingsOfText[Math.min(place, readingsOfText.length - 1)] ?? text;
    }),
  );
  knownReadings.set(turn, readings);
  return readings;
}
