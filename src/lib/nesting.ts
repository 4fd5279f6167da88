// How deep a JSON value is nested. Law: the walk goes no deeper than it is asked about, since the value may be too deep for recursion.

/** Whether anything lies within more than `levels` objects or arrays. */
export function isNestedDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels <= 0) return true;
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (const each of inner) if (isNestedDeeperThan(each, levels - 1)) return true;
  return false;
}
