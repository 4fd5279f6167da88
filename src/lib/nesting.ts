// How deep a JSON value is nested. Law: walks without recursion, since what it is asked about may be too deep for that.

/** Whether anything lies within more than `levels` objects or arrays. */
export function isNestedDeeperThan(value: unknown, levels: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const inner = level.filter((each) => typeof each === "object" && each !== null);
    if (inner.length > 0 && depth >= levels) return true;
    level = inner.flatMap((each): unknown[] => Object.values(each));
  }
  return false;
}
