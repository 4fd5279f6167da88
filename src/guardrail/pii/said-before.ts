// What the conversation says itself, for the question whether an answer gives anything away. Law: two ways of writing one number
// or address are one; every text is read once a conversation.
import type { ExchangeText, Role } from "../exchange.ts";

/** Digits at the end of a telephone number that tell it, with or without the code of its country before them. */
const TELLING_DIGITS = 9;

function bare(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

/** An entry lives no longer than its conversation. */
const known = new WeakMap<readonly ExchangeText[], Map<string, string>>();

function saidBy(conversation: readonly ExchangeText[], roles: readonly Role[]): string {
  const byRoles = known.get(conversation) ?? new Map<string, string>();
  known.set(conversation, byRoles);
  const key = roles.join();
  const said =
    byRoles.get(key) ??
    conversation
      .filter(({ role }) => roles.includes(role))
      .map(({ text }) => bare(text))
      .join("\n");
  byRoles.set(key, said);
  return said;
}

export function wasSaid(value: string, conversation: readonly ExchangeText[], roles: readonly Role[]): boolean {
  const said = saidBy(conversation, roles);
  if (said === "") return false;
  const written = bare(value);
  const isNumber = /^\d+$/.test(written) && written.length > TELLING_DIGITS;
  return written !== "" && said.includes(isNumber ? written.slice(-TELLING_DIGITS) : written);
}
