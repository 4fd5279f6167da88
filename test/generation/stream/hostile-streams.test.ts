// Upstreams and clients that misbehave: invalid bytes, huge events, silence, odd shapes; clients that stop reading or go away.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { streamGuarded } from "../../../src/generation/stream/stream-guarded.ts";
import type { GuardedStream } from "../../../src/generation/stream/guarded-stream.ts";
import { unwrap } from "../../../src/problem.ts";
import { phraseGuardrail } from "../../fakes/phrase-guardrail.ts";
import { chunkOf, eventText, type ScriptedBody, scriptedBody, streams } from "../../setup/event-stream.ts";
import { type OpenScene, openScene, QUESTION, watchStream } from "../../setup/guarded-stream.ts";

const bad = phraseGuardrail("blueberry pie", "custom:pie");
const FINISH = eventText({ ...chunkOf(""), choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
const CALLER = { projectId: "prj_1", keyId: "key_1", consent: null, requestId: "req_1", source: "production" as const };

async function open(
  body: ScriptedBody,
  signal = new AbortController().signal,
): Promise<OpenScene & { readonly stream: GuardedStream }> {
  const scene = openScene({ answers: [streams(body)], fast: [bad] });
  const request = { messages: QUESTION, model: "m", stream: true };
  return { ...scene, stream: unwrap(await streamGuarded(scene.dependencies, request, CALLER, signal)) };
}

describe("an upstream", () => {
  it("that sends invalid UTF-8 is read with the replacement character, and guarded", async () => {
    const text = new TextEncoder().encode(eventText(chunkOf("I like X, and blueberry pie.")));
    const broken = text.map((byte, place) => (byte === 0x58 && place > 50 ? 0xff : byte));
    const seen = await watchStream({ answers: [streams(scriptedBody([broken, FINISH]))], fast: [bad] });
    expect(seen.choices).toMatchObject([{ finishReason: "content_filter" }]);
    expect(broken).not.toEqual(text);
  });

  it("may send an event of five megabytes", async () => {
    const long = "A lamp gives light. ".repeat(250_000);
    const answers = [streams(scriptedBody([eventText(chunkOf(long)), FINISH]))];
    const seen = await watchStream({ answers, fast: [bad], policy: { max_answer_characters: 8_000_000 } });
    expect(seen.choices[0]?.texts["content"]?.length).toBe(long.length);
    const flagged = [streams(scriptedBody([eventText(chunkOf(`${long}blueberry pie`)), FINISH]))];
    const blocked = await watchStream({ answers: flagged, fast: [bad], policy: { max_answer_characters: 8_000_000 } });
    expect(JSON.stringify(blocked.events)).not.toContain("blueberry");
  });

  it("that falls silent ends in an error event", async () => {
    const body = scriptedBody([eventText(chunkOf("Lamps"))], "stall");
    const seen = await watchStream({ answers: [streams(body)], fast: [bad] });
    expect(seen).toMatchObject({ choices: [{ texts: { content: "Lamps" } }], error: "upstream_timeout" });
    expect(body.cancelledAt()).not.toBeNull();
  });

  it("can send any JSON at all: legal chunks come out, or an error event, and nothing is thrown", async () => {
    const chunkLike = fc.record(
      {
        id: fc.oneof(fc.string(), fc.jsonValue()),
        choices: fc.array(
          fc.record(
            {
              index: fc.oneof(fc.integer({ min: -1, max: 200 }), fc.jsonValue({ maxDepth: 1 })),
              delta: fc.oneof(
                fc.record(
                  {
                    role: fc.oneof(fc.string(), fc.jsonValue({ maxDepth: 1 })),
                    content: fc.oneof(fc.string(), fc.jsonValue({ maxDepth: 1 })),
                    tool_calls: fc.oneof(
                      fc.array(fc.record({ index: fc.integer(), function: fc.record({ arguments: fc.string() }) })),
                      fc.jsonValue({ maxDepth: 2 }),
                    ),
                    __proto__: fc.jsonValue({ maxDepth: 1 }),
                  },
                  { requiredKeys: [] },
                ),
                fc.jsonValue({ maxDepth: 2 }),
              ),
              finish_reason: fc.oneof(fc.constantFrom(null, "stop"), fc.string(), fc.jsonValue({ maxDepth: 1 })),
              logprobs: fc.jsonValue({ maxDepth: 2 }),
            },
            { requiredKeys: [] },
          ),
        ),
        usage: fc.jsonValue({ maxDepth: 1 }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(chunkLike, fc.jsonValue()), { maxLength: 6 }), async (events) => {
        const pieces = [eventText(chunkOf("Lamps ")), ...events.map((event) => `data: ${JSON.stringify(event)}\n\n`)];
        const scene = openScene({ answers: [streams(scriptedBody([...pieces, FINISH]))], fast: [bad] });
        const request = { messages: QUESTION, model: "m", stream: true };
        const opened = await streamGuarded(scene.dependencies, request, CALLER, new AbortController().signal);
        if (!opened.ok) return;
        for (let text = await opened.value.read(); text !== null; text = await opened.value.read()) {
          expect(text).toMatch(/^(?:data: (?:\[DONE\]|\{.*\})\n\n)+$/);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("a client", () => {
  it("that stops reading stops the model: nothing is read ahead", async () => {
    const body = scriptedBody(Array.from({ length: 100 }, (_, place) => eventText(chunkOf(`word ${place} `))));
    const { stream } = await open(body);
    await stream.read();
    await stream.read();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(body.taken()).toBeLessThanOrEqual(3);
  });

  it("that goes away stops the model within 100 ms, and what was flagged is kept", async () => {
    const pieces = [eventText(chunkOf("Lamps ")), eventText(chunkOf("and shades "))];
    for (const how of ["cancel", "abort"] as const) {
      const leaving = new AbortController();
      const body = scriptedBody(pieces, "stall");
      const { stream } = await open(body, leaving.signal);
      await stream.read();
      await stream.read();
      const waiting = stream.read();
      const start = Date.now();
      if (how === "cancel") await stream.cancel();
      else leaving.abort();
      await expect(waiting).resolves.toSatisfy((text) => text === null || typeof text === "string");
      expect((body.cancelledAt() ?? Number.POSITIVE_INFINITY) - start).toBeLessThan(100);
    }
  });

  it("that goes away after a flag that only annotates leaves a mistake", async () => {
    const body = scriptedBody([eventText(chunkOf("A blueberry pie, and ")), eventText(chunkOf("more"))], "stall");
    const scene = openScene({
      answers: [streams(body)],
      fast: [bad],
      policy: { actions: { input: { default: "allow" }, output: { default: "annotate" } } },
    });
    const request = { messages: QUESTION, model: "m", stream: true };
    const opened = await streamGuarded(scene.dependencies, request, CALLER, new AbortController().signal);
    const stream = unwrap(opened);
    await stream.read();
    await stream.cancel();
    expect(scene.mistakes).toMatchObject([{ action: "annotate", answer: { content: "A blueberry pie, and " } }]);
    await expect(stream.read()).resolves.toBeNull();
  });
});
