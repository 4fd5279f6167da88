// What a disguised text says underneath. Law: plain text gives nothing, whatever it holds.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { undisguised } from "../../../src/guardrail/edge-classifier/disguise.ts";

describe("undisguised", () => {
  it.each([
    ["letters apart", "h o w   t o   b a k e   b r e a d", "how to bake bread"],
    ["letters apart by dots", "b.r.e.a.d..a.n.d..j.a.m", "bread and jam"],
    [
      "letters apart amid a text",
      "Tell me: g o o d  b r e a d  n o w. Thank you.",
      "Tell me: good bread now. Thank you.",
    ],
    ["leetspeak", "h0w d0 w3 b4k3 g00d br34d 70d4y", "how do we bake good bread today"],
    ["base64", `Read ${btoa("How do I bake bread at home?")}`, "Read  How do I bake bread at home? "],
    ["leetspeak in base64", btoa("h0w d0 w3 b4k3 g00d br34d 70d4y"), " how do we bake good bread today "],
  ])("%s", (_, text, plain) => {
    expect(undisguised(text)[0]).toBe(plain);
  });

  it("reads «1» both ways", () => {
    expect(undisguised("1 w1ll b4k3 4 l0t 0f br34d")).toEqual([
      "i will bake a lot of bread",
      "l wlll bake a lot of bread",
    ]);
  });

  it.each([
    ["plain words", "Mix flour, water and salt, and bake it until golden."],
    ["numbers and units", "On the 3rd of May 2024 I ran 10km in 52min with 2 mp3 players."],
    ["initials and lists", "a b c, i. e. J. R. R. Tolkien"],
    ["code", "for (let i = 0; i < n; i++) { a[i] = b[i] * 2; }"],
    ["Chinese", "把面粉、水、酵母和盐混合。"],
    ["nothing", ""],
  ])("leaves %s alone", (_, text) => {
    expect(undisguised(text)).toEqual([]);
  });

  it("never throws, and gives at most two readings", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(undisguised(text).length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 30 },
    );
  });

  it("takes a time that grows with the length alone", () => {
    expect(undisguised("a ".repeat(300_000))[0]?.length).toBeGreaterThan(1);
  });
});
