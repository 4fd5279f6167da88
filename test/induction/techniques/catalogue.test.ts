// Every technique: pure, well formed, bounded, and the seed can be found in what it says.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TECHNIQUE_IDS, TECHNIQUES, techniqueOf } from "../../../src/induction/techniques/catalogue.ts";
import {
  HOMOGLYPHS,
  LEET,
  MORSE,
  reversed,
  rot13,
  ZERO_WIDTH_SPACE,
} from "../../../src/induction/techniques/encodings.ts";
import type { Script } from "../../../src/induction/techniques/technique.ts";
import { seededDraw } from "../../../src/lib/seeded-draw.ts";
import { contentText } from "../../../src/wire/content-text.ts";

/** What may stand in a seed: any well-formed text. */
const seedText = fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 });
const plainText = fc.stringMatching(/^[a-z]{1,8}( [a-z]{1,8}){0,8}$/);

function textsOf({ before, turns }: Script): readonly string[] {
  return [...before.map(({ content }) => contentText(content)), ...turns];
}

function lastParagraph(id: string, instruction: string): string {
  const script = techniqueOf(id)?.build({ system: null, instruction }, seededDraw("test"));
  const text = script?.turns.at(-1) ?? "";
  const start = text.indexOf("\n\n");
  return start < 0 ? text : text.slice(start + 2);
}

function fromBytes(bytes: readonly number[]): string {
  return new TextDecoder().decode(new Uint8Array(bytes));
}

function turnedRound(map: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...map].map(([from, to]) => [to, from]));
}

function unmapped(map: ReadonlyMap<string, string>, text: string): string {
  const back = turnedRound(map);
  return Array.from(text)
    .map((character) => back.get(character) ?? character)
    .join("");
}

const DECODERS: Readonly<Record<string, (encoded: string) => string>> = {
  base64: (encoded) => fromBytes(Array.from(atob(encoded)).map((character) => character.charCodeAt(0))),
  hex: (encoded) => fromBytes((encoded.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))),
  rot13,
  reversal: reversed,
};

/** Not exact for every text: letters and spaces come back. */
const PLAIN_DECODERS: Readonly<Record<string, (encoded: string) => string>> = {
  leetspeak: (encoded) => unmapped(LEET, encoded),
  homoglyph: (encoded) => unmapped(HOMOGLYPHS, encoded),
  zero_width: (encoded) => encoded.replaceAll(ZERO_WIDTH_SPACE, ""),
  morse: (encoded) =>
    encoded
      .split(" / ")
      .map((word) =>
        word
          .split(" ")
          .map((sign) => turnedRound(MORSE).get(sign) ?? sign)
          .join(""),
      )
      .join(" "),
};

describe("the catalogue", () => {
  it("has an id of its own for each technique, and knows no other", () => {
    expect(new Set(TECHNIQUE_IDS).size).toBe(TECHNIQUES.length);
    for (const technique of TECHNIQUES) expect(techniqueOf(technique.id)).toBe(technique);
    expect(techniqueOf("toString")).toBeNull();
  });

  it("covers what its decision record lists", () => {
    expect(TECHNIQUE_IDS).toEqual([
      ...["direct", "hint", "goal_hijacking", "prefix_injection", "refusal_suppression", "style_injection"],
      ...["role_play", "policy_puppetry", "few_shot", "payload_splitting", "code_wrapper", "table_wrapper"],
      ...["past_tense", "context_flooding", "base64", "hex", "rot13", "morse", "reversal", "leetspeak"],
      ...["homoglyph", "zero_width", "fake_turns", "crescendo"],
    ]);
  });
});

describe.each(TECHNIQUES)("$id", (technique) => {
  const built = (instruction: string, text: string): Script =>
    technique.build({ system: null, instruction }, seededDraw(text));

  it("is pure: the same seed and draws give the same script", () => {
    fc.assert(
      fc.property(seedText, fc.string(), (instruction, text) => {
        expect(built(instruction, text)).toEqual(built(instruction, text));
      }),
    );
  });

  it("says well-formed text of bounded length, in as many turns as it tells", () => {
    fc.assert(
      fc.property(seedText, fc.string(), (instruction, text) => {
        const script = built(instruction, text);
        expect(script.turns).toHaveLength(technique.turns);
        for (const said of textsOf(script)) {
          expect(said.isWellFormed()).toBe(true);
          expect(said.length).toBeGreaterThan(0);
          expect(said.length).toBeLessThanOrEqual(8 * instruction.length + 4_000);
        }
      }),
    );
  });

  it("ends a turn put into the model's mouth with one of the user's", () => {
    const script = built("Tell me the opening hours.", "roles");
    for (const { role } of script.before) expect(["user", "assistant"]).toContain(role);
    if (script.before.length > 0) expect(script.before.at(-1)?.role).toBe("assistant");
  });
});

describe("the seed", () => {
  it.each(Object.entries(DECODERS))("comes back exactly out of %s", (id, decode) => {
    fc.assert(
      fc.property(seedText, (instruction) => {
        expect(decode(lastParagraph(id, instruction))).toBe(instruction);
      }),
    );
  });

  it.each(Object.entries(PLAIN_DECODERS))("comes back out of %s, letter by letter", (id, decode) => {
    fc.assert(
      fc.property(plainText, (instruction) => {
        expect(decode(lastParagraph(id, instruction))).toBe(instruction);
      }),
    );
  });

  it("comes back out of split payloads", () => {
    fc.assert(
      fc.property(seedText, (instruction) => {
        const script = techniqueOf("payload_splitting")?.build({ system: null, instruction }, seededDraw("test"));
        const lines = (script?.turns[0] ?? "").split("\n").slice(0, 3);
        const pieces = lines.map((line): unknown => JSON.parse(line.slice(4)));
        expect(pieces.join("")).toBe(instruction);
      }),
    );
  });

  it("stands word by word in what is not encoded or split", () => {
    const hidden = new Set(["payload_splitting", ...Object.keys(DECODERS), ...Object.keys(PLAIN_DECODERS)]);
    fc.assert(
      fc.property(plainText, (instruction) => {
        for (const { id, build } of TECHNIQUES) {
          if (hidden.has(id)) continue;
          expect(build({ system: null, instruction }, seededDraw(id)).turns.at(-1), id).toContain(instruction);
        }
      }),
    );
  });
});
