// A judge's «I could read only a part of this». Law: it is said by the verdict's reason, and what it leads to is the policy's to say
// (`on_unread` of the judge); nothing else that was skipped is meant.
import type { Verdict } from "./verdict.ts";

const UNREAD = "unread: ";

export function unreadReason(readCharacters: number, characters: number): string {
  return `${UNREAD}only the last ${readCharacters} of ${characters} characters were judged, without a flag.`;
}

export function isUnread({ status, reason }: Pick<Verdict, "status" | "reason">): boolean {
  return status === "skipped" && reason?.startsWith(UNREAD) === true;
}
