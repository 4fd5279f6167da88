// Entries expire on time, and the cache stays within its capacity.
import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { ExpiringCache } from "../../src/lib/expiring-cache.ts";
import { handClock, type HandClock } from "../fakes/hand-clock.ts";

describe("ExpiringCache", () => {
  let clock: HandClock;
  let cache: ExpiringCache<number>;
  beforeEach(() => {
    clock = handClock();
    cache = new ExpiringCache(3, clock.now);
  });

  it("remembers until the lifetime is over, and not a millisecond longer", () => {
    cache.set("a", 1, 100);
    clock.advance(99);
    expect(cache.get("a")).toBe(1);
    clock.advance(1);
    expect(cache.get("a")).toBeUndefined();
  });

  it("begins a new lifetime with a new value", () => {
    cache.set("a", 1, 100);
    clock.advance(60);
    cache.set("a", 2, 100);
    clock.advance(60);
    expect(cache.get("a")).toBe(2);
  });

  it("lets the oldest entry go when it is full", () => {
    for (const [value, key] of ["a", "b", "c", "d"].entries()) cache.set(key, value, 100);
    expect(["a", "b", "c", "d"].map((key) => cache.get(key))).toEqual([undefined, 1, 2, 3]);
  });

  it("pushes nothing out when a known key gets a new value", () => {
    for (const [value, key] of ["a", "b", "c"].entries()) cache.set(key, value, 100);
    cache.set("b", 9, 100);
    expect(["a", "b", "c"].map((key) => cache.get(key))).toEqual([0, 9, 2]);
  });

  it("deletes one key", () => {
    cache.set("a", 1, 100);
    cache.set("b", 2, 100);
    cache.delete("a");
    expect([cache.get("a"), cache.get("b")]).toEqual([undefined, 2]);
  });

  it("deletes what matches, and nothing else", () => {
    cache.set("a", 1, 100);
    cache.set("b", 2, 100);
    cache.deleteWhere((value) => value === 1);
    expect([cache.get("a"), cache.get("b")]).toEqual([undefined, 2]);
  });

  it("never holds more than its capacity", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-f]$/), { maxLength: 40 }), (keys) => {
        const small = new ExpiringCache<true>(3, clock.now);
        for (const key of keys) small.set(key, true, 100);
        const held = [...new Set(keys)].filter((key) => small.get(key) === true);
        expect(held.length).toBe(Math.min(3, new Set(keys).size));
      }),
    );
  });
});
