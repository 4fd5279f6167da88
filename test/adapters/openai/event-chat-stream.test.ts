// The answer as it comes: what is read, what is left in the server, and what becomes of a stream that breaks.
import { describe, expect, it } from "vitest";
import { EventChatStream } from "../../../src/adapters/openai/event-chat-stream.ts";
import { WakeCount } from "../../../src/adapters/openai/gathering-reader.ts";
import type { ChatStream, StreamRead } from "../../../src/model/chat-model.ts";
import { chunkOf, eventText, scriptedBody, type ScriptedBody } from "../../setup/event-stream.ts";

const [ONE, TWO] = [chunkOf("one"), chunkOf("two")];

function streamOf(
  { body }: Pick<ScriptedBody, "body">,
  options: { readonly idleMilliseconds?: number; readonly signal?: AbortSignal; readonly wakes?: WakeCount } = {},
): EventChatStream {
  return new EventChatStream({ body, signal: new AbortController().signal, idleMilliseconds: 2_000, ...options });
}

/** Everything to the end, the events of all reads together. */
async function drained(stream: ChatStream): Promise<{ readonly data: readonly string[]; readonly last: StreamRead }> {
  const data: string[] = [];
  for (;;) {
    const read = await stream.read();
    if (read.kind !== "events") return { data, last: read };
    data.push(...read.data);
  }
}

const texts = (...chunks: readonly object[]): readonly string[] => chunks.map((chunk) => JSON.stringify(chunk));
const failed = (code: string): object => ({ kind: "failed", problem: { code } });

describe("EventChatStream", () => {
  it("reads what came, and its end", async () => {
    const stream = streamOf(scriptedBody([eventText(ONE, TWO), eventText("[DONE]")]));
    expect(await stream.read()).toEqual({ kind: "events", data: texts(ONE, TWO) });
    const end = { kind: "end", isDone: true };
    expect([await stream.read(), await stream.read()]).toEqual([end, end]);
  });

  it("counts its wakes with those of every other stream of the isolate", async () => {
    const wakes = new WakeCount();
    await streamOf(scriptedBody([eventText(ONE)]), { wakes }).read();
    await streamOf(scriptedBody([eventText(TWO)]), { wakes }).read();
    expect(wakes.count).toBe(2);
  });

  it("allows each read the same silence, however long the stream is", async () => {
    let left = 5;
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        await new Promise((resolve) => setTimeout(resolve, left === 0 ? 1_000 : 100));
        controller.enqueue(new TextEncoder().encode(eventText(ONE)));
        left -= 1;
      },
    });
    const stream = streamOf({ body }, { idleMilliseconds: 300 });
    for (let count = 0; count < 5; count += 1) expect(await stream.read()).toMatchObject({ kind: "events" });
    const before = Date.now();
    expect(await stream.read()).toMatchObject(failed("upstream_timeout"));
    expect(Date.now() - before).toBeGreaterThanOrEqual(250);
    expect(Date.now() - before).toBeLessThan(600);
  });

  it("tells a stream that ended without [DONE]", async () => {
    const { data, last } = await drained(streamOf(scriptedBody([eventText(ONE)])));
    expect(data).toEqual(texts(ONE));
    expect(last).toEqual({ kind: "end", isDone: false });
  });

  it("gives the events before [DONE] and none after it", async () => {
    const { data, last } = await drained(streamOf(scriptedBody([eventText(ONE, "[DONE]", TWO), eventText(TWO)])));
    expect(data).toEqual(texts(ONE));
    expect(last).toEqual({ kind: "end", isDone: true });
  });

  it("does not wait for a server that keeps the line open after [DONE]", async () => {
    const script = scriptedBody([eventText(ONE, "[DONE]")], "stall");
    const before = Date.now();
    expect((await drained(streamOf(script))).last).toEqual({ kind: "end", isDone: true });
    expect(Date.now() - before).toBeLessThan(500);
    await expect.poll(script.cancelledAt, { timeout: 3_000 }).not.toBeNull();
  });

  it("takes nothing from the server that nobody reads", async () => {
    const script = scriptedBody([eventText(ONE), eventText(TWO), eventText("[DONE]")]);
    const stream = streamOf(script);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(script.taken()).toBe(0);
    await stream.read();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(script.taken()).toBe(1);
  });

  it("wakes nobody for comments", async () => {
    const stream = streamOf(scriptedBody([": wait\n\n", ": wait\n\n", eventText(ONE)]));
    expect(await stream.read()).toEqual({ kind: "events", data: texts(ONE) });
  });

  it("passes an error of the server as the event that it is", async () => {
    const error = { error: { message: "overloaded", type: "server_error", param: null, code: null } };
    const { data } = await drained(streamOf(scriptedBody([eventText(ONE), `event: error\n${eventText(error)}`])));
    expect(data).toEqual(texts(ONE, error));
  });

  it("reads half an event at the end as nothing", async () => {
    const { data, last } = await drained(streamOf(scriptedBody([eventText(ONE), 'data: {"choices":[{"in'])));
    expect(data).toEqual(texts(ONE));
    expect(last).toEqual({ kind: "end", isDone: false });
  });

  it("reads one event in hundreds of pieces, of 5 MB", async () => {
    const big = chunkOf("x".repeat(5_000_000));
    const bytes = new TextEncoder().encode(eventText(big, "[DONE]"));
    const pieces = Array.from({ length: 500 }, (_, index) => bytes.slice(index * 10_100, (index + 1) * 10_100));
    const { data, last } = await drained(streamOf(scriptedBody(pieces)));
    expect(data).toEqual(texts(big));
    expect(last).toEqual({ kind: "end", isDone: true });
  });

  it("fails on an event without an end, before it fills the memory", async () => {
    const script = scriptedBody(["data: ", ...Array.from({ length: 40 }, () => "x".repeat(1024 * 1024))], "stall");
    expect(await streamOf(script).read()).toMatchObject(failed("upstream_invalid_response"));
    expect(script.taken()).toBeLessThan(12);
    expect(script.cancelledAt()).not.toBeNull();
  });

  it("reads bytes that are no UTF-8, and goes on", async () => {
    const broken = new Uint8Array([...new TextEncoder().encode('data: {"a":"'), 0xc3, 0x28, 0x22, 0x7d, 0x0a, 0x0a]);
    const { data } = await drained(streamOf(scriptedBody([broken, eventText(ONE, "[DONE]")])));
    expect(data).toEqual(['{"a":"\u{fffd}("}', ...texts(ONE)]);
  });

  it("fails where the connection is reset, and throws nothing", async () => {
    const stream = streamOf(scriptedBody([eventText(ONE)], "reset"));
    const { data, last } = await drained(stream);
    expect(data).toEqual(texts(ONE));
    expect(last).toMatchObject(failed("upstream_broke_off"));
    expect(await stream.read()).toBe(last);
  });

  it("fails where the server falls silent, and lets it go", async () => {
    const script = scriptedBody([eventText(ONE)], "stall");
    const { data, last } = await drained(streamOf(script, { idleMilliseconds: 40 }));
    expect(data).toEqual(texts(ONE));
    expect(last).toMatchObject(failed("upstream_timeout"));
    expect(script.cancelledAt()).not.toBeNull();
  });

  it("counts the silence within a read, not the time that nobody reads", async () => {
    const stream = streamOf(scriptedBody([eventText(ONE), eventText(TWO)]), { idleMilliseconds: 40 });
    await stream.read();
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(await stream.read()).toEqual({ kind: "events", data: texts(TWO) });
  });

  it("stops the server within 100 ms of the client's going, in the middle of a read", async () => {
    const client = new AbortController();
    const script = scriptedBody([eventText(ONE)], "stall");
    const stream = streamOf(script, { signal: client.signal });
    await stream.read();
    const waiting = stream.read();
    const before = Date.now();
    client.abort();
    expect(await waiting).toMatchObject(failed("client_closed_request"));
    expect((script.cancelledAt() ?? Infinity) - before).toBeLessThan(100);
  });

  it("stops the server when the client goes between two reads, or was gone before", async () => {
    const client = new AbortController();
    const between = scriptedBody([eventText(ONE)], "stall");
    const stream = streamOf(between, { signal: client.signal });
    await stream.read();
    client.abort();
    expect(between.cancelledAt()).not.toBeNull();
    const before = scriptedBody([eventText(ONE)]);
    expect(await streamOf(before, { signal: client.signal }).read()).toMatchObject(failed("client_closed_request"));
    expect(before.taken()).toBe(0);
    expect(before.cancelledAt()).not.toBeNull();
  });

  it("stops the server when it is cancelled, once and again, also in the middle of a read", async () => {
    const script = scriptedBody([eventText(ONE)], "stall");
    const stream = streamOf(script);
    await stream.read();
    const waiting = stream.read();
    await stream.cancel();
    await stream.cancel();
    expect(script.cancelledAt()).not.toBeNull();
    expect(await waiting).toEqual({ kind: "end", isDone: false });
    expect(await stream.read()).toEqual({ kind: "end", isDone: false });
  });

  it("cancels a stream that broke", async () => {
    const stream = streamOf(scriptedBody([], "reset"));
    await stream.read();
    await expect(stream.cancel()).resolves.toBeUndefined();
  });

  it("reads a byte stream too", async () => {
    const pieces = [eventText(ONE), eventText(TWO, "[DONE]")];
    const body = new ReadableStream({
      type: "bytes",
      pull: (controller) => {
        const piece = pieces.shift();
        if (piece === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(piece));
        // A read that waits for bytes is answered by the end.
        if (piece === undefined) controller.byobRequest?.respond(0);
      },
    });
    const { data, last } = await drained(streamOf({ body }));
    expect(data).toEqual(texts(ONE, TWO));
    expect(last).toEqual({ kind: "end", isDone: true });
  });
});
