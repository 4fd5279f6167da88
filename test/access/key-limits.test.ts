// Which limits count: the key's own, else the gateway's.
import { expect, it } from "vitest";
import { effectiveLimits, NO_LIMITS } from "../../src/access/key-limits.ts";

const OWN = { requestsPerMinute: 10, tokensPerDay: null, microDollarsPerDay: 5 };
const DEFAULTS = { requestsPerMinute: 300, tokensPerDay: 1_000, microDollarsPerDay: null };

it("takes the key's own, and the defaults where it has none", () => {
  expect(effectiveLimits(OWN, DEFAULTS)).toEqual({ requestsPerMinute: 10, tokensPerDay: 1_000, microDollarsPerDay: 5 });
  expect(effectiveLimits(NO_LIMITS, DEFAULTS)).toEqual(DEFAULTS);
  expect(effectiveLimits(NO_LIMITS, NO_LIMITS)).toEqual(NO_LIMITS);
});
