// JSON that may be none, as a value instead of a throw. Law: never the parser's error, which quotes the text.

/** undefined, which no JSON says, for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
