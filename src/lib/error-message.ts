// What a caught value says of itself, for logs.

export function errorMessage(caught: unknown): string {
  return caught instanceof Error ? `${caught.name}: ${caught.message}` : String(caught);
}
