// Media that pass unread are told as skipped, in a bounded reason.
import { expect, it } from "vitest";
import { unscannableVerdict } from "../../src/guardrail/unscannable-verdict.ts";

const partsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ location: `messages[0].content[${index}]`, kind: "image_url" }));

it("is none where every part can be read", () => {
  expect(unscannableVerdict([], "input")).toBeNull();
});

it("names the parts of its side", () => {
  expect(unscannableVerdict([{ location: "audio", kind: "audio" }], "output")).toEqual({
    guardrail: "media",
    version: "2026-11-23.1",
    side: "output",
    status: "skipped",
    reason: "1 part can't be read: audio (audio)",
    score: null,
    threshold: null,
    latencyMilliseconds: null,
    rationale: null,
    findings: [],
  });
  expect(unscannableVerdict(partsOf(2), "input")?.reason).toBe(
    "2 parts can't be read: messages[0].content[0] (image_url), messages[0].content[1] (image_url)",
  );
});

it("names the first of many and counts them all", () => {
  const reason = unscannableVerdict(partsOf(5_000), "input")?.reason ?? "";
  expect(reason).toMatch(/^5000 parts can't be read: .*\[4\] \(image_url\), …$/);
  expect(reason.length).toBeLessThan(300);
});
