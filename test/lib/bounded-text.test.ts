// A body's text up to a bound: whole, or not at all.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { boundedText } from "../../src/lib/bounded-text.ts";

it("is the text wherever its bytes are parted, and null beyond the bound", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.nat(20), fc.nat(30), async (text, at, most) => {
      const bytes = new TextEncoder().encode(text);
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          for (const piece of [bytes.slice(0, at), bytes.slice(at)]) if (piece.length > 0) controller.enqueue(piece);
          controller.close();
        },
      });
      const expected = bytes.length > most ? null : text.replace(/^\uFEFF/, "");
      expect(await boundedText(new Response(body), most)).toBe(expected);
    }),
  );
});

it("is empty without a body", async () => {
  expect(await boundedText(new Response(null), 0)).toBe("");
});
