// What OpenAI's servers put on the wire, as bytes made once. Law: every event is an HTTP chunk of its own, as model servers
// send them (RFC 9112 section 7.1); what the text is says the scenario.

const HEAD = { id: "chatcmpl-bench", created: 1_700_000_000, model: "bench-model" } as const;
const LAST_CHUNK = "0\r\n\r\n";

function chunkEvent(delta: object, finishReason: string | null): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finishReason }];
  const event = { ...HEAD, object: "chat.completion.chunk", system_fingerprint: "fp_bench", choices };
  return `data: ${JSON.stringify(event)}\n\n`;
}

/** The events of a stream: the empty first delta, one event a token, the finish reason, `[DONE]`. */
export function streamEvents(tokens: readonly string[]): readonly string[] {
  return [
    chunkEvent({ role: "assistant", content: "", refusal: null }, null),
    ...tokens.map((content) => chunkEvent({ content }, null)),
    chunkEvent({}, "stop"),
    "data: [DONE]\n\n",
  ];
}

function httpChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

const STREAM_HEAD =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\n" +
  "transfer-encoding: chunked\r\n\r\n";

/** A streamed reply in the pieces in which it is sent when it is paced: one a token, the last one closes the body. */
export function streamReply(tokens: readonly string[]): readonly Buffer[] {
  const events = streamEvents(tokens);
  const closing = events.slice(-2).map(httpChunk).join("");
  return events.slice(0, -2).flatMap((event, place) => {
    // The empty delta comes with the first token, and the finish reason with the last one.
    if (place === 0) return [];
    const before = place === 1 ? STREAM_HEAD + httpChunk(events[0] ?? "") : "";
    return [Buffer.from(before + httpChunk(event) + (place === tokens.length ? closing + LAST_CHUNK : ""))];
  });
}

/** The reply to a request without `stream`. */
export function jsonReply(tokens: readonly string[]): Buffer {
  const message = { role: "assistant", content: tokens.join(""), refusal: null };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: "stop" }];
  const usage = { prompt_tokens: 150, completion_tokens: tokens.length, total_tokens: 150 + tokens.length };
  const body = JSON.stringify({ ...HEAD, object: "chat.completion", choices, usage });
  const length = Buffer.byteLength(body);
  return Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`);
}
