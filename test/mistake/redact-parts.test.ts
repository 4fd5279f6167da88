// Texts read one behind the other: nothing that is redacted in the whole is left of it in its parts.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact } from "../../src/mistake/redaction.ts";
import { redactedSpan } from "../../src/mistake/redaction-replacement.ts";
import { redactParts } from "../../src/mistake/redact-parts.ts";

const CARD = "4111111111111111";
const KEY = ["sk", "proj", "Zk3vQ9xT7bLm2NpR5sWd8YfH"].join("-");

function partsOf(text: string, places: readonly number[]): readonly string[] {
  const cuts = [0, ...places.map((place) => Math.min(place, text.length)).toSorted((a, b) => a - b), text.length];
  return cuts.slice(1).map((end, place) => text.slice(cuts[place], end));
}

describe("redactParts", () => {
  it.each([
    [KEY, "[secret]"],
    [CARD, "[card]"],
    ["anna.smith@example.com", "[email]"],
  ])("takes %s out of every part, wherever it is split", (secret, placeholder) => {
    const text = `Take ${secret} now.`;
    expect(redact(text).text).toBe(`Take ${placeholder} now.`);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 3 }), (places) => {
        const parts = partsOf(text, places);
        const redacted = redactParts(parts).map((each) => each.text);
        expect(redacted.join("").replaceAll(placeholder, "")).toBe("Take  now.");
      }),
    );
  });

  it("finds the places of what was left again", () => {
    const [first, second] = redactParts([`Take ${KEY.slice(0, 10)}`, `${KEY.slice(10)} now, anna.smith@example.com.`]);
    expect([first?.text, second?.text]).toEqual(["Take [secret]", "[secret] now, [email]."]);
    const start = `${KEY.slice(10)} `.length;
    const span = redactedSpan({ start, end: start + 3 }, second?.replacements ?? []);
    expect(second?.text.slice(span.start, span.end)).toBe("now");
  });

  it("leaves parts as they are by themselves where nothing reaches over two", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("Hello. ", "Call me, ", "", `${CARD} `, "今天 ")), (texts) => {
        expect(redactParts(texts)).toEqual(texts.map(redact));
      }),
    );
  });
});
