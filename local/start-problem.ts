// Why Setback can't start, in one sentence that the operator can act on. Law: such a problem is printed without a stack.

export class StartProblem extends Error {
  override readonly name = "StartProblem";
}

/** With what lies underneath: `fetch` itself only ever says "fetch failed". */
export function sentenceOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? `${cause.message} (${sentenceOf(cause.cause)})` : cause.message;
}

export function errorCodeOf(cause: unknown): string | null {
  if (!(cause instanceof Error) || !("code" in cause)) return null;
  return typeof cause.code === "string" ? cause.code : null;
}
