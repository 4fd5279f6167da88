// Whom a mistake is counted for, and when it waits for a person.
import { describe, expect, it } from "vitest";
import { counterName, type Counter } from "../../src/mistake/cluster.ts";
import type { Quarantine } from "../../src/mistake/mistake.ts";
import { limitsOf, quarantineOf, type Weighed } from "../../src/mistake/quarantine-of.ts";
import { DEFAULT_POISONING_POLICY, type PoisoningPolicy } from "../../src/policy/poisoning-policy.ts";

const NOON = Date.UTC(2026, 5, 1, 12, 34, 56);
const MISTAKE: Weighed = {
  projectId: "prj_1",
  source: "production",
  quarantine: null,
  createdAt: NOON,
  provenance: { keyId: "key_1", endUser: "1.user" },
};
const POLICY: PoisoningPolicy = {
  ...DEFAULT_POISONING_POLICY,
  caps: { key: 30, end_user: 20, cluster: 10 },
  burst: { minutes: 10, key: 8, cluster: 4 },
};

/** With so many of each subject, the mistake included, by the length of the period. */
function held(
  counts: Readonly<Record<string, readonly [day: number, burst: number]>>,
  {
    mistake = MISTAKE,
    joins = "clu_1",
    policy = POLICY,
  }: { mistake?: Weighed; joins?: string | null; policy?: PoisoningPolicy } = {},
): Quarantine | null {
  const countOf = ({ subject, lengthMinutes }: Counter): number =>
    counts[subject]?.[lengthMinutes === 1_440 ? 0 : 1] ?? 1;
  return quarantineOf(mistake, limitsOf(mistake, joins, policy), policy, countOf);
}

describe("a mistake", () => {
  it.each<[Readonly<Record<string, readonly [number, number]>>, Quarantine | null]>([
    [{}, null],
    [{ "key:key_1": [30, 8], "user:1.user": [20, 20], "cluster:clu_1": [10, 4] }, null],
    [{ "key:key_1": [31, 1] }, "cap"],
    [{ "user:1.user": [21, 1] }, "cap"],
    [{ "cluster:clu_1": [11, 1] }, "cap"],
    [{ "key:key_1": [9, 9] }, "burst"],
    [{ "cluster:clu_1": [5, 5] }, "burst"],
  ])("with counts %j is in quarantine: %s", (counts, quarantine) => {
    expect(held(counts)).toBe(quarantine);
  });

  it("keeps the quarantine that it was captured with, unless it is one of a flood", () => {
    const mistake = { ...MISTAKE, quarantine: "contradiction" as const };
    expect(held({}, { mistake })).toBe("contradiction");
    expect(held({ "key:key_1": [9, 9] }, { mistake })).toBe("burst");
  });

  it("of a source that isn't trusted waits, whatever else is counted", () => {
    const policy = { ...POLICY, trust: { ...POLICY.trust, import: "quarantine" as const } };
    expect(held({}, { policy, mistake: { ...MISTAKE, source: "import" } })).toBe("source");
    expect(held({}, { policy })).toBeNull();
  });

  it("that is held anyway is counted for its key and its end user, and for no cluster", () => {
    const held = limitsOf({ ...MISTAKE, quarantine: "contradiction" }, "clu_1", POLICY);
    expect(new Set(held.map(({ counter }) => counter.subject))).toEqual(new Set(["key:key_1", "user:1.user"]));
  });

  it("that leads its cluster makes nothing grow, and one of nobody is counted for nobody", () => {
    const provenance = { keyId: null, endUser: null };
    expect(limitsOf({ ...MISTAKE, provenance }, null, POLICY)).toEqual([]);
  });

  it("is counted in the day and the minutes that it was captured in", () => {
    const [day, , , burst] = limitsOf(MISTAKE, "clu_1", POLICY).map(({ counter }) => counter);
    expect(day).toMatchObject({ lengthMinutes: 1_440, startMinute: Date.UTC(2026, 5, 1) / 60_000 });
    expect(burst).toMatchObject({ lengthMinutes: 10, startMinute: Date.UTC(2026, 5, 1, 12, 30) / 60_000 });
  });

  it("is counted for nothing that has no limit", () => {
    const policy = {
      ...POLICY,
      caps: { key: null, end_user: 1, cluster: null },
      burst: { ...POLICY.burst, key: null, cluster: null },
    };
    expect(limitsOf(MISTAKE, "clu_1", policy).map(({ counter }) => counter.subject)).toEqual(["user:1.user"]);
  });

  it("names counters that cannot be taken for one another", () => {
    const counter = { projectId: "p", subject: "key:a", lengthMinutes: 1, startMinute: 23 };
    expect(counterName(counter)).not.toBe(counterName({ ...counter, lengthMinutes: 12, startMinute: 3 }));
  });
});
