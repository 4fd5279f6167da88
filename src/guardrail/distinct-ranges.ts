// Ranges found in several views of one text, each told once. Law: what goes further than all before it counts.
import type { Range } from "./normalise/text-view.ts";

/** In order; what lies within another is left out. */
export function distinctRanges<T extends Range>(ranges: readonly T[]): T[] {
  if (ranges.length < 2) return [...ranges];
  let coveredTo = -1;
  return ranges
    .toSorted((left, right) => left.start - right.start || right.end - left.end)
    .filter(({ end }) => {
      const goesFurther = end > coveredTo;
      coveredTo = Math.max(coveredTo, end);
      return goesFurther;
    });
}
