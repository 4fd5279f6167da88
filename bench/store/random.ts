// Numbers by seed, so that two runs fill the same store. Law: never Math.random. (mulberry32, public domain: T. Ettinger.)

export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of them, each as likely as its weight says. */
export function drawn<Value>(random: Random, weighted: readonly (readonly [Value, number])[]): Value {
  const [first] = weighted;
  if (first === undefined) throw new RangeError("there is nothing to draw from");
  let left = random() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of weighted) {
    left -= weight;
    if (left < 0) return value;
  }
  return first[0];
}
