// Proves that text comes whole, once, and never with a stop string in it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CompletionText } from "../../../local/model/completion-text.ts";

/** Each token is one byte, so that every character beyond ASCII is split. */
const decodeBytes = (tokens: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(tokens));

function write(text: string, stops: readonly string[]): { text: string; pieces: string[]; stopped: boolean } {
  const completion = new CompletionText(decodeBytes, stops);
  const pieces: string[] = [];
  for (const byte of new TextEncoder().encode(text)) {
    pieces.push(completion.push(byte));
    if (completion.stopped) break;
  }
  pieces.push(completion.end());
  return { text: pieces.join(""), pieces, stopped: completion.stopped };
}

describe("CompletionText", () => {
  it("gives back any text unchanged when nothing stops it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(write(text, []).text).toBe(text);
      }),
    );
  });

  it("ends before the first stop string, wherever it lies", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "é", "\n"), maxLength: 30 });
    const stops = fc.string({ unit: fc.constantFrom("a", "b", "é", "\n"), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(letters, stops, (text, stop) => {
        const index = text.indexOf(stop);
        const written = write(text, [stop]);
        expect(written.text).toBe(index < 0 ? text : text.slice(0, index));
        expect(written.stopped).toBe(index >= 0);
      }),
    );
  });

  it("never releases a piece that holds half a character or a beginning of the stop string", () => {
    const { pieces } = write("größe STOP", ["STOP"]);
    expect(pieces.join("")).toBe("größe ");
    expect(pieces.every((piece) => !piece.includes("\uFFFD") && !piece.includes("S"))).toBe(true);
  });

  it("releases what was held when the stop string never came whole", () => {
    expect(write("an STO", ["STOP"]).text).toBe("an STO");
  });

  it("obeys whichever of several stop strings comes first", () => {
    expect(write("one two three", ["three", "two"]).text).toBe("one ");
  });

  it("gives up on bytes that are no character", () => {
    const completion = new CompletionText(decodeBytes, []);
    const pieces = [0xff, 0xff, 0xff, 0xff, 0x61].map((byte) => completion.push(byte));
    expect((pieces.join("") + completion.end()).endsWith("a")).toBe(true);
  });
});
