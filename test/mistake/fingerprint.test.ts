// What a mistake is known by: its reading, not its writing.
import { expect, it } from "vitest";
import { fingerprintOf } from "../../src/mistake/fingerprint.ts";
import type { Mistake, StoredExchange } from "../../src/mistake/mistake.ts";
import { exchangeOf } from "../fixtures/records.ts";

const LABEL: Pick<Mistake, "kind" | "source" | "correction"> = {
  kind: "other",
  source: "production",
  correction: null,
};
const hashOf = async (exchange: StoredExchange, label = LABEL): Promise<string> =>
  (await fingerprintOf(label, exchange)).contentHash;

it.each([
  ["case", exchangeOf("CAN I return MY lamp?", "you get a FULL refund.")],
  ["width", exchangeOf("Can I return my lamp？", "Ｙｏｕ get a full refund.")],
  ["what is invisible", exchangeOf("Can I ret\u200burn my lamp?", "You get a full\u00ad refund.")],
  ["blanks", exchangeOf(" Can I  return\n\nmy lamp?", "You\u00a0get a full refund.\n")],
  [
    "the system prompt",
    { ...exchangeOf(), messages: [{ role: "system" as const, content: "Be brief." }, ...exchangeOf().messages] },
  ],
])("is the same whatever the %s", async (_, exchange) => {
  expect(await hashOf(exchange)).toBe(await hashOf(exchangeOf()));
  expect(await hashOf(exchange)).toMatch(/^[0-9a-f]{32}$/);
});

it.each([
  ["another question", exchangeOf("Can I return my chair?"), LABEL],
  ["another answer", exchangeOf(undefined, "No."), LABEL],
  [
    "an earlier turn",
    { ...exchangeOf(), messages: [...exchangeOf("Hello").messages, ...exchangeOf().messages] },
    LABEL,
  ],
  ["another kind", exchangeOf(), { ...LABEL, kind: "harmful" as const }],
  ["another source", exchangeOf(), { ...LABEL, source: "import" as const }],
  ["a correction", exchangeOf(), { ...LABEL, correction: "" }],
])("differs with %s", async (_, exchange, label) => {
  expect(await hashOf(exchange, label)).not.toBe(await hashOf(exchangeOf()));
});

it("sketches the last turn alone", async () => {
  const before = { role: "user" as const, content: "A long talk about something else entirely. ".repeat(20) };
  const long = { ...exchangeOf(), messages: [before, ...exchangeOf().messages] };
  expect((await fingerprintOf(LABEL, long)).sketch).toBe((await fingerprintOf(LABEL, exchangeOf())).sketch);
});
