// The aims of capture: each is met or missed by its figure alone, and what could not be measured is no miracle.
import { expect, it } from "vitest";
import { captureAimLine, type CaptureMeasured, judgeCapture } from "../../../bench/capture/aims.ts";

const traffic = { flaggedPerSecond: 90, cleanPerSecond: 100, ratio: 0.9, processorRatio: 0.9, errors: 0 };
const GOOD: CaptureMeasured = {
  consumer: { mistakes: 1000, bytesPerMistake: 3000, perSecond: 2000, perProcessorSecond: 5000 },
  traffic,
  few: traffic,
  visible: { mistakes: 10, p50Milliseconds: 500, p99Milliseconds: 5000, missing: 0 },
};

it("is met by figures at the limits, in five lines", () => {
  const aims = judgeCapture(GOOD);
  expect(aims.map(({ met }) => met)).toEqual([true, true, true, true, true]);
  expect(aims.map(captureAimLine).every((line) => line.startsWith("met"))).toBe(true);
});

it.each([
  [{ consumer: { ...GOOD.consumer, perProcessorSecond: 4999 } }, 0],
  [{ consumer: { ...GOOD.consumer, perProcessorSecond: null } }, 0],
  [{ traffic: { ...traffic, ratio: 0.84 } }, 1],
  [{ few: { ...traffic, ratio: 0.84 } }, 2],
  [{ visible: { ...GOOD.visible, p99Milliseconds: 5001 } }, 3],
  [{ visible: { ...GOOD.visible, p99Milliseconds: NaN } }, 3],
  [{ visible: { ...GOOD.visible, missing: 1 } }, 4],
  [{ traffic: { ...traffic, errors: 1 } }, 4],
])("%j misses aim %d", (changes, missed) => {
  expect(judgeCapture({ ...GOOD, ...changes }).map(({ met }) => met)).toEqual(
    [0, 1, 2, 3, 4].map((aim) => aim !== missed),
  );
});
