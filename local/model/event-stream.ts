// Server-sent events as OpenAI writes them: `data:` lines and a closing `[DONE]` (WHATWG HTML, section 9.2).
// Law: one JSON value an event; JSON.stringify leaves no raw line break that could split it.
import type { ServerResponse } from "node:http";

export class EventStream {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get open(): boolean {
    return this.#response.headersSent;
  }

  send(value: unknown): void {
    if (!this.#response.headersSent) {
      this.#response.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache",
      });
    }
    this.#response.write(eventOf(JSON.stringify(value)));
  }

  end(): void {
    this.#response.end(eventOf("[DONE]"));
  }
}

export function eventOf(data: string): string {
  return `data: ${data}\n\n`;
}
