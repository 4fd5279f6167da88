// What is said of media that pass unread. Law: a check that did not run is `skipped` with its reason, never a pass.
import type { UnscannablePart } from "../wire/unscannable-parts.ts";
import type { Side, Verdict } from "./verdict.ts";
import { skipped } from "./verdicts.ts";

const IDENTITY = { id: "media", version: "2026-11-23.1" };
const MOST_NAMED = 5;

/** null where every part can be read */
export function unscannableVerdict(parts: readonly UnscannablePart[], side: Side): Verdict | null {
  if (parts.length === 0) return null;
  const named = parts.slice(0, MOST_NAMED).map(({ location, kind }) => `${location} (${kind})`);
  const places = parts.length > MOST_NAMED ? [...named, "…"] : named;
  const count = parts.length === 1 ? "1 part" : `${parts.length} parts`;
  return skipped(IDENTITY, side, `${count} can't be read: ${places.join(", ")}`);
}
