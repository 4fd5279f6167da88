// What a caught value says of itself, for logs. Law: never a text of an exchange — a wrapper may quote what it was given
// (drizzle-orm's «Failed query» quotes every parameter, JSON.parse its input), so the innermost cause speaks, in one short line.

const MOST_CHARACTERS = 300;
/** Causes can go in a circle. */
const MOST_CAUSES = 8;

export function errorMessage(caught: unknown): string {
  let innermost = caught;
  for (let depth = 0; depth < MOST_CAUSES; depth += 1) {
    if (!(innermost instanceof Error && innermost.cause instanceof Error)) break;
    innermost = innermost.cause;
  }
  if (innermost instanceof SyntaxError) return innermost.name;
  const text = innermost instanceof Error ? `${innermost.name}: ${innermost.message}` : String(innermost);
  return (text.split("\n", 1)[0] ?? "").slice(0, MOST_CHARACTERS);
}
