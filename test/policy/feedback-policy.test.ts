// The feedback keys of a policy: strict, off by default, and none of a header's business.
import { describe, expect, it } from "vitest";
import { DEFAULT_FEEDBACK_POLICY, feedbackPolicySchema } from "../../src/policy/feedback-policy.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";
import { stricterPolicySchema } from "../../src/policy/stricter-policy-schema.ts";

const parses = (changes: object): boolean =>
  feedbackPolicySchema.safeParse({ ...DEFAULT_FEEDBACK_POLICY, ...changes }).success;

describe("feedback in a policy", () => {
  it("keeps nothing and lets no page in by default", () => {
    expect(DEFAULT_POLICY.feedback).toEqual({ window_hours: 0, origins: [] });
  });

  it.each(["https://shop.example", "http://localhost:5173", "https://[2001:db8::1]:8443"])(
    "takes the origin %s",
    (origin) => {
      expect(parses({ origins: [origin] })).toBe(true);
    },
  );

  it.each([
    "*",
    "null",
    "shop.example",
    "https://shop.example/",
    "https://shop.example/a",
    "https://Shop.example",
    "ftp://shop.example",
    "https://*.shop.example/",
  ])("takes no %s for an origin", (origin) => {
    expect(parses({ origins: [origin] })).toBe(false);
  });

  it("has a longest window, and no other key", () => {
    expect([parses({ window_hours: 720 }), parses({ window_hours: 721 }), parses({ window_hours: 1.5 })]).toEqual([
      true,
      false,
      false,
    ]);
    expect(parses({ days: 1 })).toBe(false);
  });

  it("can't be named by a header", () => {
    expect(stricterPolicySchema.safeParse({ feedback: DEFAULT_FEEDBACK_POLICY }).success).toBe(false);
  });
});
