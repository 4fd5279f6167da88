// Why Setback can't start, in one sentence that the operator can act on. Law: such a problem is printed without a stack.

export class StartProblem extends Error {
  override readonly name = "StartProblem";
}

export function sentenceOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

export function errorCodeOf(cause: unknown): string | null {
  if (!(cause instanceof Error) || !("code" in cause)) return null;
  return typeof cause.code === "string" ? cause.code : null;
}
