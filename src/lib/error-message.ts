// What a caught value says of itself, for logs. Law: never a text of an exchange — a wrapper may quote what it was given
// (drizzle-orm's «Failed query» quotes every parameter, JSON.parse its input), so the innermost cause speaks, and briefly.

const MOST_CHARACTERS = 300;

export function errorMessage(caught: unknown): string {
  let innermost = caught;
  while (innermost instanceof Error && innermost.cause instanceof Error) innermost = innermost.cause;
  if (innermost instanceof SyntaxError) return innermost.name;
  const text = innermost instanceof Error ? `${innermost.name}: ${innermost.message}` : String(innermost);
  return text.slice(0, MOST_CHARACTERS);
}
