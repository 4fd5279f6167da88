// What a caught value says of itself, for logs.
// Law: one line a cause and short, since what follows may hold values (drizzle-orm puts a query's parameters there).

const MOST_CHARACTERS = 300;

function firstLine(text: string): string {
  return (text.split("\n", 1)[0] ?? "").slice(0, MOST_CHARACTERS);
}

/** An error by its name and the first line of its message; so its cause, one step deep. */
export function errorMessage(caught: unknown): string {
  if (!(caught instanceof Error)) return firstLine(String(caught));
  const own = `${caught.name}: ${firstLine(caught.message)}`;
  const { cause } = caught;
  return cause instanceof Error ? `${own} (${cause.name}: ${firstLine(cause.message)})` : own;
}
