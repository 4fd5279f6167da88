// A stream of Workers AI as OpenAI's chunks (developers.cloudflare.com/workers-ai/features/streaming: events of `{"response": …}`,
// the last one with `usage`). Law: what is a chunk already passes as it is; what can't be read passes too, for the reader to judge.
import { z } from "zod";
import { parseJson } from "../../lib/parse-json.ts";
import type { ChatStream, StreamRead } from "../../model/chat-model.ts";
import { toolCallsOf, workersToolCallsSchema } from "./tool-calls.ts";

const eventSchema = z.looseObject({
  response: z.union([z.string(), z.number()]).nullish(),
  tool_calls: workersToolCallsSchema,
  usage: z.looseObject({}).nullish(),
});

export interface ChunkHead {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

export class ResponseChunks implements ChatStream {
  readonly #inner: ChatStream;
  readonly #head: Readonly<Record<string, unknown>>;
  #hasText = false;
  #hasCalls = false;
  #usage: object | null = null;
  /** What follows the last chunk. */
  #end: StreamRead | null = null;

  constructor(inner: ChatStream, head: ChunkHead) {
    this.#inner = inner;
    this.#head = { ...head, object: "chat.completion.chunk" };
  }

  async read(): Promise<StreamRead> {
    if (this.#end !== null) return this.#end;
    let read = await this.#inner.read();
    while (read.kind === "events") {
      const data = read.data.flatMap((payload) => this.#chunks(payload));
      // An event that tells the usage alone is nothing to wake anyone for.
      if (data.length > 0) return { kind: "events", data };
      read = await this.#inner.read();
    }
    this.#end = read;
    // Only what ended well has a reason to have ended; and chunks that were OpenAI's had theirs.
    const isOurs = this.#hasText || this.#hasCalls;
    return read.kind === "end" && read.isDone && isOurs ? { kind: "events", data: this.#closing() } : read;
  }

  async cancel(): Promise<void> {
    await this.#inner.cancel();
  }

  #chunks(payload: string): readonly string[] {
    const event = eventSchema.safeParse(parseJson(payload)).data ?? null;
    const isChunk = event === null || "choices" in event || "error" in event;
    if (isChunk) return [payload];
    this.#usage = event.usage ?? this.#usage;
    const deltas: object[] = [];
    const { response, tool_calls: calls } = event;
    if (response !== null && response !== undefined) {
      // A token that is a number comes as one.
      deltas.push({ ...(this.#hasText ? {} : { role: "assistant" }), content: String(response) });
      this.#hasText = true;
    }
    if (calls !== null && calls !== undefined && calls.length > 0) {
      this.#hasCalls = true;
      deltas.push({ tool_calls: toolCallsOf(calls).map((call, index) => ({ index, ...call })) });
    }
    return deltas.map((delta) => this.#chunk([{ index: 0, delta, finish_reason: null }]));
  }

  #closing(): readonly string[] {
    const reason = this.#hasCalls ? "tool_calls" : "stop";
    const last = this.#chunk([{ index: 0, delta: {}, finish_reason: reason }]);
    return this.#usage === null ? [last] : [last, this.#chunk([], { usage: this.#usage })];
  }

  #chunk(choices: readonly object[], more: object = {}): string {
    return JSON.stringify({ ...this.#head, choices, ...more });
  }
}
