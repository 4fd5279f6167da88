// What the million mistakes are: how often each state, source, kind, category, key and policy occurs. Law: each has common and rare
// values, and common ones that never meet (a released mistake from an import), since that is where lists are slow.
import { createHash } from "node:crypto";
import { createMakeId } from "../../src/lib/ids.ts";
import { drawn, type Random } from "./random.ts";

export const COMMON = {
  state: "analysed",
  source: "production",
  kind: "harmful",
  category: "S10",
  key: "key_busy",
  policy: "pol_newest",
} as const;
export const RARE = {
  state: "dismissed",
  source: "import",
  kind: "over_refusal",
  category: "custom:rare",
  key: "key_quiet",
  policy: "pol_first",
} as const;

const STATES = [
  ["captured", 25],
  [COMMON.state, 42],
  ["confirmed", 13],
  ["released", 19.9],
  [RARE.state, 0.1],
] as const;
const SOURCES = [
  [COMMON.source, 91.9],
  ["feedback", 6],
  ["induction", 2],
  [RARE.source, 0.1],
] as const;
const KINDS = [
  [COMMON.kind, 50],
  ["offensive", 25],
  ["incorrect", 12],
  ["hijacked", 8],
  ["leaked", 4.9],
  ["other", 0.09],
  [RARE.kind, 0.01],
] as const;
const CATEGORIES: readonly (readonly [readonly string[], number])[] = [
  [[COMMON.category], 30],
  [[COMMON.category, "offensive"], 20],
  [["S1", "custom:harmful"], 20],
  [["offensive"], 15],
  [["incorrect"], 14.99],
  [[RARE.category, "S1"], 0.01],
];
const KEYS = [
  [COMMON.key, 60],
  ...Array.from({ length: 40 }, (_, place): [string, number] => [`key_${String(place).padStart(25, "0")}`, 1]),
  [RARE.key, 0.01],
] as const;
const POLICIES = [
  [COMMON.policy, 70],
  ...Array.from({ length: 15 }, (_, place): [string, number] => [`pol_${String(place).padStart(25, "0")}`, 2]),
  [RARE.policy, 0.01],
] as const;

export const NEWEST = Date.UTC(2026, 10, 1);
export const EVERY_MILLISECONDS = 30_000;

export interface Drawn {
  readonly id: string;
  readonly state: string;
  readonly source: string;
  readonly kind: string;
  readonly categories: string;
  readonly keyId: string;
  readonly policyVersion: string;
  readonly createdAt: number;
  readonly releaseId: string | null;
  readonly text: number;
}

function bytesOf(random: Random): (length: number) => Uint8Array {
  return (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

/** The `place`th of `many`, oldest first. */
export function drawMistake(random: Random, place: number, many: number, texts: number): Drawn {
  const createdAt = NEWEST - (many - place) * EVERY_MILLISECONDS;
  const state = drawn(random, STATES);
  const source = drawn(random, SOURCES);
  return {
    id: createMakeId(() => createdAt, bytesOf(random))("mis"),
    state,
    // What came by feedback or import was never released, and what is released holds no rare policy: common, and never together.
    source: state === "released" ? COMMON.source : source,
    kind: drawn(random, KINDS),
    categories: JSON.stringify(drawn(random, CATEGORIES)),
    keyId: drawn(random, KEYS),
    policyVersion: drawn(random, POLICIES),
    createdAt,
    releaseId: state === "released" ? `rel_${String(Math.floor(place / 5_000)).padStart(25, "0")}` : null,
    text: Math.floor(random() * texts),
  };
}

const WORDS =
  "the lamp order was sent on time and our shop can help you with a question about returns colour size warranty delivery for the next week please look at page two of the manual".split(
    " ",
  );

function prose(random: Random, characters: number): string {
  let text = "";
  while (text.length < characters) text += `${WORDS[Math.floor(random() * WORDS.length)] ?? ""} `;
  return text.trim();
}

const GUARDRAILS = [
  ["pattern-rules", "input"],
  ["personal-data", "input"],
  ["edge-classifier", "input"],
  ["operator-rules", "output"],
  ["secrets", "output"],
  ["personal-data", "output"],
  ["prompt-leak", "output"],
  ["profanity", "output"],
  ["over-refusal", "output"],
  ["edge-classifier", "output"],
] as const;

/** An exchange and its verdicts as capture writes them, with texts as long as a chat's. */
export function drawText(random: Random): { readonly exchange: string; readonly verdicts: string } {
  const messages = [
    { role: "system", content: prose(random, 200 + random() * 400) },
    { role: "user", content: prose(random, 60 + random() * 500) },
  ];
  const answer = { role: "assistant", content: prose(random, 200 + random() * 1_400), refusal: null };
  const verdicts = GUARDRAILS.map(([guardrail, side], place) => ({
    guardrail,
    version: createHash("sha256").update(guardrail).digest("hex").slice(0, 12),
    side,
    status: place === GUARDRAILS.length - 1 ? "flag" : "pass",
    reason: null,
    score: guardrail === "edge-classifier" ? random() : null,
    threshold: guardrail === "edge-classifier" ? 0.83 : null,
    latencyMilliseconds: null,
    rationale: null,
    findings:
      place === GUARDRAILS.length - 1
        ? [{ rule: "score", category: "S10", span: null, message: "scores above the threshold" }]
        : [],
  }));
  return { exchange: JSON.stringify({ messages, answer }), verdicts: JSON.stringify(verdicts) };
}
