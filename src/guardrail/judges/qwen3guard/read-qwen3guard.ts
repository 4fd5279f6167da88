// Reads what Qwen3Guard said. Law: its two lines for what a user said, its three for an answer, in its own words and in agreement with
// one another; everything else is an error.
import { err, ok, type Result } from "../../../lib/result.ts";
import type { Side } from "../../verdict.ts";
import type { GuardConversation } from "../guard-conversation.ts";
import { judgement, type Judgement } from "../judge-in-pieces.ts";
import { labelledFindings } from "../labelled-finding.ts";

/** What lies between safe and unsafe: the model's authors count it either way («strict» and «loose» in its technical report). */
export const CONTROVERSIAL = ["flag", "pass"] as const;

export interface Qwen3GuardReading {
  readonly side: Side;
  readonly judged: GuardConversation["judged"];
  readonly controversial: (typeof CONTROVERSIAL)[number];
}

const UNCLEAR = "Qwen3Guard gave no clear judgement";
/** three lines with all categories */
const MOST_CHARACTERS = 400;
const LINES = {
  user: /^Safety: (Safe|Unsafe|Controversial)\nCategories: ([^\n]+)$/,
  assistant: /^Safety: (Safe|Unsafe|Controversial)\nCategories: ([^\n]+)\nRefusal: (?:Yes|No)$/,
} as const;

export function readQwen3Guard(content: string, reading: Qwen3GuardReading): Result<Judgement, string> {
  const { side, judged, controversial } = reading;
  if (content.length > MOST_CHARACTERS) return err(UNCLEAR);
  const [, safety, list] = LINES[judged].exec(content.trim()) ?? [];
  if (safety === undefined || list === undefined) return err(UNCLEAR);
  const labels = list === "None" ? [] : list.split(/, ?/);
  // Safe with a category and unsafe without one contradict themselves.
  if ((safety === "Safe") !== (labels.length === 0)) return err(UNCLEAR);
  // Only what was sent can be a jailbreak: the template for answers does not list it.
  if (judged === "assistant" && labels.includes("Jailbreak")) return err(UNCLEAR);
  const findings = labelledFindings("qwen3guard", labels, side);
  if (!findings.ok) return findings;
  return ok(judgement(safety === "Controversial" && controversial === "pass" ? [] : findings.value));
}
