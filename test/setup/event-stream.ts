// Bodies of server-sent events as a model's server writes them, whole, in pieces, and broken.
import type { Answer } from "./upstream.ts";

/** `pieces` one after the other; then the end, or what `then` makes of it. */
export interface ScriptedBody {
  readonly body: ReadableStream<Uint8Array>;
  /** how many pieces were taken */
  readonly taken: () => number;
  /** when the reader cancelled, in milliseconds since 1970; null if it did not */
  readonly cancelledAt: () => number | null;
}

export type Then = "end" | "stall" | "reset";

export function eventText(...payloads: readonly (object | string)[]): string {
  return payloads.map((each) => `data: ${typeof each === "string" ? each : JSON.stringify(each)}\n\n`).join("");
}

/** One chunk of text, as OpenAI sends it. */
export function chunkOf(content: string): object {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  return { id: "chatcmpl-upstream", object: "chat.completion.chunk", created: 1, model: "stub-model", choices };
}

export function scriptedBody(pieces: readonly (string | Uint8Array)[], then: Then = "end"): ScriptedBody {
  let taken = 0;
  let cancelledAt: number | null = null;
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const piece = pieces[taken];
        if (piece !== undefined) {
          taken += 1;
          controller.enqueue(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
        } else if (then === "end") controller.close();
        else if (then === "reset") controller.error(new TypeError("connection reset"));
        else await new Promise(() => undefined);
      },
      cancel: () => {
        cancelledAt = Date.now();
      },
    },
    { highWaterMark: 0 },
  );
  return { body, taken: () => taken, cancelledAt: () => cancelledAt };
}

export function streams({ body }: ScriptedBody): Answer {
  return () => new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
}
