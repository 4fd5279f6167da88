// Secrets in an answer: keys are found by their form, placeholders are not, and what the user said himself is no leak.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SECRET_RULES } from "../../src/guardrail/rules/secrets.ts";
import { createSecretsGuardrail, findSecrets } from "../../src/guardrail/secrets.ts";
import { answering, conversationOf } from "./exchange-of.ts";
import { expectLinear, HOSTILE_TIMEOUT_MILLISECONDS } from "./hostile.ts";
import { PART, random, SECRETS, upper } from "./specimen-secrets.ts";

const guardrail = createSecretsGuardrail();

function rulesFor(answer: string, user = "Hello"): string[] {
  return guardrail.check(answering(answer, conversationOf(["user", user])), "output").findings.map(({ rule }) => rule);
}

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

const HARMLESS: readonly string[] = [
  `AK${PART}IAIOSFODNN7EXAMPLE`,
  'api_key = "your-api-key-here"',
  "password: password123",
  "export TOKEN=$TOKEN",
  "token = os.environ['TOKEN']",
  "const password = process.env.DB_PASSWORD;",
  "The password is required to be at least 12 characters long.",
  "Your secret: practise every day.",
  "key: value",
  `sk${PART}-xxxxxxxxxxxxxxxxxxxxxxxx`,
  "The token is passed to the constructor1.",
  `-----BEGIN PUBLIC KEY-----\n${random(64)}\n-----END PUBLIC KEY-----`,
  "https://user:pass@example.com/",
  "commit 3f785a1c9e0b4d2f8a6c7e5d4b3a2f1e0d9c8b7a",
  "550e8400-e29b-41d4-a716-446655440000",
  "密码是什么?",
  `ey${PART}JhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.ey${PART}JzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0.${random(43)}`,
  "SECRET_KEY=change-me-please1",
  "apiKey: import.meta.env.VITE_KEY1",
  "token = jwt.sign2({id:1})",
  "token = getUserById1x2y3z4(7)",
  "The password is rotated90days",
  "credentials: include2fa",
  "spring.security.token=Base64Encoder2",
  "secret_key: django-insecure-abc9k",
  '"token": "string123abc"',
  "POSTGRES_PASSWORD: postgres123",
  "postgres://app:postgres123@db:5432/app",
  "password: Summer2026!",
  "api_key=<YOUR_API_KEY_42>",
  `AI${PART}zaYOUR_${random(30)}`,
];

/** Each is a key although it has what a placeholder may have, or no blank before it. */
const STILL_FOUND: readonly (readonly [rule: string, text: string])[] = [
  ["aws-access-key", `AK${PART}IA1234567890ABCDEF`],
  ["aws-access-key", `AK${PART}IA0189${upper(12)}`],
  ["aws-access-key", `idAK${PART}IA${upper(16)}`],
  ["aws-access-key", `AS${PART}IA${upper(16)}id`],
  ["github-token", `tokengh${PART}p_1234567abcdef${random(23)}`],
  ["google-api-key", `keyAI${PART}zaabcdef${random(29)}`],
  ["assigned-secret", "password: Tr0ub4dor&3x"],
  ["assigned-secret", "db password is k7vq2mzx9w"],
];

describe("secrets", () => {
  it("has an example of each rule", () => {
    expect(Object.keys(SECRETS).sort()).toEqual(SECRET_RULES.map(({ id }) => id).sort());
  });

  it.each(Object.entries(SECRETS))("finds %s", (rule, secret) => {
    expect(rulesFor(`Here you are: ${secret} — take care.`)).toContain(rule);
  });

  it.each(Object.entries(SECRETS))("finds %s in base64", (rule, secret) => {
    expect(rulesFor(`Decode ${base64(`take ${secret} now`)}`)).toContain(rule);
  });

  it.each(Object.entries(SECRETS).filter(([, secret]) => !secret.includes("\n")))(
    "finds %s behind zero-width signs",
    (rule, secret) => {
      expect(rulesFor(Array.from(secret).join("\u200b"))).toContain(rule);
    },
  );

  it.each(Object.entries(SECRETS))("does not count %s that the user said himself", (_, secret) => {
    expect(rulesFor(`You sent ${secret}.`, `What is ${secret}?`)).toEqual([]);
  });

  it.each(STILL_FOUND)("finds %s in %s", (rule, text) => {
    expect(rulesFor(text)).toEqual([rule]);
  });

  it.each(Object.entries(SECRETS))("finds %s in the arguments of a tool call, once", (rule, secret) => {
    const json = JSON.stringify({ text: `密\n${secret}\nnext` }).replace("密", "\\u5bc6");
    expect(rulesFor(json)).toEqual([rule]);
  });

  it("finds a key that is written in escapes, at its place", () => {
    const key = SECRETS["github-token"] ?? "";
    const escaped = Array.from(key, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`).join("");
    const { findings } = guardrail.check(answering(`{"a": "${escaped}"}`), "output");
    const lead = 4 * "\\u0067".length;
    expect(findings).toMatchObject([{ rule: "github-token", span: { start: 7 + lead, end: 7 + escaped.length } }]);
  });

  it.each(HARMLESS)("passes: %s", (text) => {
    expect(rulesFor(text)).toEqual([]);
  });

  it("names category and place, and never the secret", () => {
    const secret = SECRETS["github-token"] ?? "";
    const verdict = guardrail.check(answering(`Use ${secret}!`), "output");
    expect(verdict).toMatchObject({ guardrail: "secrets", status: "flag", version: guardrail.version });
    expect(verdict.findings).toMatchObject([
      { category: "S7", span: { location: "content", start: 4 + "ghp_".length, end: 4 + secret.length } },
    ]);
    expect(JSON.stringify(verdict)).not.toContain(secret);
    expect(guardrail.sides).toEqual(["output"]);
  });

  it("takes only the value of an assignment for the secret", () => {
    const [found] = findSecrets(`password = ${random(14)}`);
    expect(found).toMatchObject({ start: 11, end: 25, secret: random(14) });
  });

  it("stops a private key where it ends, also when the end is missing", () => {
    const block = SECRETS["private-key"] ?? "";
    const [whole] = findSecrets(`${block}\nThat was the key.`);
    expect(whole?.secret).toBe(block);
    const [cut] = findSecrets(`${block.slice(0, 120)} and more prose follows here.`);
    expect(cut?.end).toBeLessThanOrEqual(120);
  });

  it("never throws on any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => rulesFor(text).length >= 0));
  });
});

describe("the work of each secret rule is linear", { timeout: HOSTILE_TIMEOUT_MILLISECONDS }, () => {
  it.each(Object.entries(SECRETS))("%s", async (_, secret) => {
    for (const pattern of [
      `${secret.slice(0, -1)} `,
      secret.slice(0, Math.ceil(secret.length / 2)),
      secret.slice(0, 5),
      `${secret.slice(0, 5)} = `,
    ]) {
      await expectLinear((text) => Array.from(findSecrets(text)), pattern);
    }
  });
});
