// Server-sent events as OpenAI streams them (WHATWG HTML section 9.2): `data:` lines only, closed by `[DONE]`.

export const DONE = "[DONE]";

/** One event. JSON has no raw line breaks, so one `data:` line is enough. */
export function serverSentEvent(data: object | string): string {
  return `data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
}
