// What the benchmark's model says, and how it is read back. Law: what is measured is what was meant, whatever pieces it comes in.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Dechunker, hasText, ReplyReader, VisibleText } from "../../../bench/gateway/body-readers.ts";
import { charactersLeaked } from "../../../bench/gateway/leaks.ts";
import { prose, proseTokens } from "../../../bench/gateway/prose.ts";
import { asksForStream, requestBody, scenarioIn, SCENARIOS } from "../../../bench/gateway/scenarios.ts";
import { streamEvents, streamReply } from "../../../bench/gateway/wire-bytes.ts";

const TOKENS = proseTokens(20);
const REPLY = Buffer.concat([...streamReply(TOKENS)]);

function cutAt(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const ends = [...cuts.map((cut) => cut % bytes.length), bytes.length].toSorted((left, right) => left - right);
  return ends.map((end, place) => bytes.subarray(ends[place - 1] ?? 0, end));
}

describe("prose", () => {
  it("is the same at every run, in tokens of one word", () => {
    expect(proseTokens(5)).toEqual(["The", " old", " mill", " looks", " after"]);
    expect(proseTokens(300).join("").startsWith(proseTokens(200).join(""))).toBe(true);
    expect(prose(100).length).toBeGreaterThan(80);
    expect(prose(100).length).toBeLessThanOrEqual(100);
  });
});

describe("the scenarios", () => {
  it.each([1, 100, 1000])("have a stream of about %i KB", (kilobytes) => {
    const scenario = SCENARIOS.find(({ name }) => name === `bench-stream-${kilobytes}`);
    const bytes = streamEvents(scenario?.tokens ?? []).join("").length;
    expect(bytes / 1000 / kilobytes).toBeGreaterThan(0.8);
    expect(bytes / 1000 / kilobytes).toBeLessThan(1.2);
  });

  it("are known by the model's name in the request", () => {
    for (const scenario of SCENARIOS) {
      const body = requestBody(scenario);
      expect(scenarioIn(body)).toBe(scenario.name);
      expect(asksForStream(body)).toBe(scenario.stream);
    }
  });

  it("have an exchange of 4 KiB", () => {
    const scenario = SCENARIOS.find(({ name }) => name === "bench-json-4k");
    const texts = [...(scenario?.messages.map(({ content }) => content) ?? []), ...(scenario?.tokens ?? [])];
    const length = texts.join("").length;
    expect(length).toBeLessThanOrEqual(4096);
    expect(length).toBeGreaterThan(4000);
  });
});

describe("reading a reply", () => {
  it("finds its end and its text in any pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), (cuts) => {
        const [reader, dechunker, visible] = [new ReplyReader(), new Dechunker(), new VisibleText()];
        const pieces = cutAt(REPLY, cuts);
        let text = "";
        pieces.forEach((piece, place) => {
          const { body, done } = reader.push(piece);
          text += visible.push(dechunker.push(body.toString("latin1")));
          // Empty pieces may follow the last byte.
          if (pieces.slice(place + 1).some(({ length }) => length > 0)) expect(done).toBe(false);
        });
        expect(reader.push(Buffer.alloc(0)).done).toBe(true);
        expect(reader.status).toBe(200);
        expect(reader.sawText).toBe(true);
        expect(reader.tail).toContain("[DONE]");
        expect(text).toBe(TOKENS.join(""));
        expect(visible.finishReason).toBe("stop");
      }),
    );
  });

  it("ends a body of known length with its last byte", () => {
    const reader = new ReplyReader();
    expect(reader.push(Buffer.from("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\n{")).done).toBe(false);
    expect(reader.push(Buffer.from("  }")).done).toBe(true);
    expect(reader.status).toBe(502);
    expect(reader.chunked).toBe(false);
  });

  it("takes an empty delta for no text", () => {
    expect(hasText(Buffer.from('{"delta":{"role":"assistant","content":""}}'))).toBe(false);
    expect(hasText(Buffer.from('{"content":""} {"content":"a"}'))).toBe(true);
  });
});

describe("charactersLeaked", () => {
  it.each([
    ["The bus leaves at noon. The code word is ", 0],
    ["The code word is B", 1],
    ["The code word is BLUEB", 5],
    ["The code word is BLUEBERRY.", 9],
    ["It begins with BLUE", 4],
    ["", 0],
  ])("of %j are %i", (visible, count) => {
    expect(charactersLeaked(visible)).toBe(count);
  });
});
