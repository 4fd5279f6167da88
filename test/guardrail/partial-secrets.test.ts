// Secrets in a stream: no character of a value leaves before the value is known, and names and prefixes hold nothing.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSecretsGuardrail } from "../../src/guardrail/secrets.ts";
import { conversationOf } from "./exchange-of.ts";
import {
  CHINESE,
  CODE,
  expectHeldBack,
  expectSameFindings,
  findingsOfPiece,
  glimpseOf,
  heldUnits,
  PROSE,
  wordEnds,
} from "./glimpses.ts";
import { expectLinear, HOSTILE_TIMEOUT_MILLISECONDS } from "./hostile.ts";
import { PART, random, SECRETS, upper } from "./specimen-secrets.ts";

const guardrail = createSecretsGuardrail();
const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const held = (text: string) => text.slice(text.length - heldUnits(guardrail, text));

describe("a glimpse of secrets", () => {
  it.each(Object.entries(SECRETS))("holds back %s, wherever it is cut", (_, secret) => {
    for (const before of ["", PROSE, CODE, CHINESE, '{"text": "', "It is: ", "id"]) {
      for (const after of ["", " today.", ". 好的。", '"}', "\n", ")"]) {
        const whole = before + secret + after;
        expectHeldBack(guardrail, whole);
        expectSameFindings(guardrail, whole);
      }
      expect(expectHeldBack(guardrail, `${before} ${secret} `), before).toBeGreaterThan(0);
    }
  });

  it.each(Object.entries(SECRETS))(
    "holds back %s in base64, behind zero-width signs, in full width and in escapes",
    (_, secret) => {
      const sixBytes = 7;
      expect(expectHeldBack(guardrail, `${PROSE}${base64(`so ${secret} .`)} `, { lead: sixBytes })).toBeGreaterThan(0);
      const escaped = Array.from(secret, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
      for (const disguised of [Array.from(secret).join("\u200b"), escaped, secret.replaceAll("A", "\uff21")]) {
        if (disguised.includes("\n")) continue;
        expect(expectHeldBack(guardrail, `${PROSE}"${disguised}" .`), disguised).toBeGreaterThan(0);
        expectSameFindings(guardrail, `${PROSE}"${disguised}" .`);
      }
    },
  );

  it.each(Object.entries(SECRETS))("finds %s in a piece that begins later", (_, secret) => {
    const whole = `${PROSE}${secret} .`;
    expect(findingsOfPiece(guardrail, whole, secret.length + 100)).toEqual(glimpseOf(guardrail, whole).findings);
  });

  it("finds a long key before more than can be held has come", () => {
    for (const key of [`sk${PART}-proj-${random(150)}`, `gh${PART}p_${random(200)}`, `sk_${PART}live_${random(200)}`]) {
      const cut = `${PROSE}${key}`.slice(0, PROSE.length + 60);
      expect(glimpseOf(guardrail, cut).findings).toHaveLength(1);
    }
  });

  it("holds a value, and neither its name nor what its vendor begins it with", () => {
    expect(held("The password is")).toBe("");
    expect(held("The password is k7v")).toBe("k7v");
    expect(held("The password is required")).toBe("");
    expect(held("The password is stored")).toBe("stored");
    expect(held("The password is stored in")).toBe("");
    expect(held(`It is AK${PART}IA`)).toBe("");
    expect(held(`It is AK${PART}IA${upper(16)}`)).toBe(upper(16));
    expect(held(`It is AK${PART}IAIOSFODNN7EXAMPLE`)).toBe("");
    expect(held("It is AKB")).toBe("");
    expect(held(`password = ${random(12)}.`)).toBe(`${random(12)}.`);
  });

  it("finds nothing that the user said himself", () => {
    const secret = SECRETS["github-token"] ?? "";
    expect(glimpseOf(guardrail, `It is ${secret} .`, conversationOf(["user", `What is ${secret}?`])).findings).toEqual(
      [],
    );
  });

  it.each([
    ["prose", PROSE],
    ["code", CODE],
    ["Chinese", CHINESE],
  ])("holds nothing at the ends of nearly all words of %s", (_, text) => {
    const ends = wordEnds(text);
    const holding = ends.filter((end) => heldUnits(guardrail, text.slice(0, end)) > 0);
    expect(holding.length / ends.length).toBeLessThan(0.03);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => glimpseOf(guardrail, text).openFrom >= 0),
    );
  });

  it("is linear", { timeout: HOSTILE_TIMEOUT_MILLISECONDS }, async () => {
    for (const secret of Object.values(SECRETS)) {
      for (const pattern of [secret.slice(0, Math.ceil(secret.length / 2)), `${secret.slice(0, 5)} = `]) {
        await expectLinear((text) => glimpseOf(guardrail, text), pattern);
      }
    }
  });
});
