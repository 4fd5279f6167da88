// What the durability check captures: distinct mistakes, exact repeats near and far, near duplicates, large ones, and some that must
// wait for a person, in two projects. Law: the number alone says everything, so that the store can be held to it afterwards.

/** Goes by the gateway's default policy. */
export const PLAIN_PROJECT = "prj_plain";
/** Goes by `STRICT_POLICY`. */
export const STRICT_PROJECT = "prj_strict";

/** Caps so low that a good part waits in quarantine, and rules that leave most out of the queue. */
export const STRICT_POLICY = {
  poisoning: {
    caps: { key: 400, end_user: 40, cluster: 12 },
    burst: { minutes: 10, key: 300, cluster: 6 },
    trust: { production: "trusted", feedback: "trusted", induction: "trusted", import: "trusted" },
  },
  review: {
    enqueue: [
      { reason: "quarantined", priority: 1, quarantined: true },
      { reason: "reached_somebody", priority: 3, released_characters_from: 1 },
      { reason: "crowd", priority: 4, cluster_size_from: 3 },
    ],
    second: { categories: [], sources: [], voices: "keys" },
    waive: [],
  },
} as const;

export interface Planned {
  readonly projectId: string;
  readonly keyId: string;
  readonly endUser: string | null;
  /** the same name, the same text */
  readonly content: string;
  readonly prompt: string;
  readonly answer: string;
  readonly releasedCharacters: number;
  readonly isHeld: boolean;
}

const KEYS = 40;
const END_USERS = 1_000;
/** Repeats come while the first one is still under way, and, of the first group, from beginning to end. */
const GROUP = 400;
const LARGE_EVERY = 150;
const LARGE_TIMES = 200;

/** MurmurHash3's finaliser. */
function mixed(number: number): number {
  let bits = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Syllables, since two texts of ordinary prose from few phrases would be near duplicates. */
function syllables(seed: number, words: number): string {
  let state = seed;
  const random = (below: number): number => mixed((state = (state + 0x9e3779b1) | 0)) % below;
  const syllable = (): string => `${"bcdfghjklmnprstvwxyz".charAt(random(20))}${"aeiou".charAt(random(5))}`;
  return Array.from({ length: words }, () => Array.from({ length: 1 + random(4) }, syllable).join("")).join(" ");
}

function contentOf(number: number): { readonly content: string; readonly seed: number; readonly variant: number } {
  const [drawn, place] = [mixed(number) % 20, mixed(number + 1) % 8];
  const group = place === 7 ? 0 : Math.floor(number / GROUP);
  const seed = mixed(group * 16 + place);
  if (drawn < 10) return { content: `own ${number}`, seed: mixed(number) ^ 0x5bd1e995, variant: 0 };
  if (drawn < 16) return { content: `same ${group} ${place}`, seed, variant: 0 };
  const variant = 1 + (mixed(number + 2) % 60);
  return { content: `near ${group} ${place} ${variant}`, seed: seed ^ 0x1b873593, variant };
}

export function plannedOf(number: number): Planned {
  const { content, seed, variant } = contentOf(number);
  const isLarge = seed % LARGE_EVERY === 0;
  const answer = `${syllables(seed, 40)}${variant === 0 ? "" : ` ${variant}`}`;
  return {
    projectId: number % 2 === 0 ? PLAIN_PROJECT : STRICT_PROJECT,
    keyId: `key_${mixed(number + 3) % KEYS}`,
    endUser: mixed(number + 4) % 3 === 0 ? null : `1.person${mixed(number + 5) % END_USERS}`,
    content,
    prompt: syllables(seed + 1, 15),
    answer: isLarge ? Array.from({ length: LARGE_TIMES }, () => answer).join(" ") : answer,
    releasedCharacters: mixed(number + 6) % 3 === 0 ? 10 : 0,
    isHeld: mixed(number + 7) % 40 === 0,
  };
}
