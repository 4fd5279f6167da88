// Consent: every combination of what the policy, the key and the request say.
import { describe, expect, it } from "vitest";
import { KEY_CONSENTS } from "../../src/access/key.ts";
import { mayStore } from "../../src/policy/consent.ts";
import { CONSENTS } from "../../src/policy/policy.ts";

const REQUESTS = [true, false, null, undefined] as const;

describe("mayStore", () => {
  // What is stored of a request that says nothing, and of one that says `store: true`.
  it.each([
    ["opt_out", null, true, true],
    ["opt_out", "opt_out", true, true],
    ["opt_out", "opt_in", false, true],
    ["opt_out", "never", false, false],
    ["opt_in", null, false, true],
    ["opt_in", "opt_out", false, true],
    ["opt_in", "opt_in", false, true],
    ["opt_in", "never", false, false],
  ] as const)("under %s, of a key that says %s: %s, and %s if asked for", (consent, key, silent, asked) => {
    const policy = { store: true, consent };
    expect(mayStore(policy, key, undefined)).toBe(silent);
    expect(mayStore(policy, key, null)).toBe(silent);
    expect(mayStore(policy, key, true)).toBe(asked);
    expect(mayStore(policy, key, false)).toBe(false);
  });

  it("stores nothing under a policy that stores nothing", () => {
    for (const consent of CONSENTS)
      for (const key of [null, ...KEY_CONSENTS])
        for (const request of REQUESTS) expect(mayStore({ store: false, consent }, key, request)).toBe(false);
  });
});
