// Actions that a request makes stricter: its lines go over the policy's. Law: for no category, known or not, may the action be a
// looser one than before.
import { err, ok, type Result } from "../lib/result.ts";
import { CATEGORY_TITLES, type Category, isCategory } from "../policy/category.ts";
import type { PolicyFault } from "../policy/policy-faults.ts";
import { type Action, ACTIONS, type Policy } from "../policy/policy.ts";
import { actionFor } from "./decide.ts";
import type { Side } from "./verdict.ts";

type Lines = Readonly<Record<string, Action>>;

export interface AskedActions {
  readonly input?: Lines | undefined;
  readonly output?: Lines | undefined;
}

/** Stands for every custom category without a line of its own. */
const ANY_CUSTOM: Category = "custom:*";

/** The line that decided: which of those that were asked for, if any. */
function lineOf(asked: Lines, category: Category): string {
  if (asked[category] !== undefined) return category;
  return category.startsWith("custom:") && asked[ANY_CUSTOM] !== undefined ? ANY_CUSTOM : "default";
}

/** `redact` blocks what it can't cut (decide.ts), and `repair` does not. */
function isLooser(before: Action, after: Action): boolean {
  if (before === "redact" && after === "repair") return true;
  return ACTIONS.indexOf(after) < ACTIONS.indexOf(before);
}

function looserLines(
  side: Side,
  before: Policy["actions"],
  after: Policy["actions"],
  asked: Lines,
): readonly PolicyFault[] {
  const written = [...Object.keys(before[side]), ...Object.keys(asked)].filter(isCategory);
  const categories = new Set<Category>([...Object.keys(CATEGORY_TITLES).filter(isCategory), ...written, ANY_CUSTOM]);
  const lines = new Set<string>();
  for (const category of categories) {
    const [old, now] = [actionFor({ actions: before }, side, category), actionFor({ actions: after }, side, category)];
    if (isLooser(old, now)) lines.add(lineOf(asked, category));
  }
  return [...lines].map((line) => ({
    path: `${side}.${line}`,
    message: "would make the policy looser: a header can only make it stricter",
  }));
}

export function stricterActions(
  before: Policy["actions"],
  asked: AskedActions,
): Result<Policy["actions"], readonly PolicyFault[]> {
  const { input = {}, output = {} } = asked;
  const after = { input: { ...before.input, ...input }, output: { ...before.output, ...output } };
  const faults = [...looserLines("input", before, after, input), ...looserLines("output", before, after, output)];
  return faults.length > 0 ? err(faults) : ok(after);
}
