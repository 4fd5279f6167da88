// What every glimpse must keep to: wherever a text is cut, a finding has been seen, or is open from its start.
// Law: compares with `check`, which reads the text whole.
import { expect } from "vitest";
import type { Exchange } from "../../src/guardrail/exchange.ts";
import type { FastGuardrail, Glimpse } from "../../src/guardrail/guardrail.ts";
import type { Finding } from "../../src/guardrail/verdict.ts";
import { answering, conversationOf } from "./exchange-of.ts";

const LOCATION = "content";

export function glimpseOf(guardrail: FastGuardrail, text: string, exchange: Exchange = conversationOf()): Glimpse {
  const piece = { role: "assistant", text, location: LOCATION } as const;
  const glimpse = guardrail.glimpse?.(piece, exchange);
  if (glimpse === undefined) throw new Error(`${guardrail.id} has no glimpse.`);
  expect(glimpse.openFrom).toBeGreaterThanOrEqual(0);
  expect(glimpse.openFrom).toBeLessThanOrEqual(text.length);
  return glimpse;
}

/** How many units at the end are held. */
export function heldUnits(guardrail: FastGuardrail, text: string, exchange?: Exchange): number {
  return text.length - glimpseOf(guardrail, text, exchange).openFrom;
}

function covers({ findings }: Glimpse, wanted: Finding): boolean {
  return findings.some(
    ({ rule, category, span }) =>
      rule === wanted.rule && category === wanted.category && (span?.start ?? 0) <= (wanted.span?.start ?? 0),
  );
}

interface Allowance {
  readonly exchange?: Exchange;
  /** how many units of a finding may leave before it shows what it is */
  readonly lead?: number;
}

/**
 * Cuts the text at every unit of every finding of `check`, and behind it.
 * @returns the number of findings
 */
export function expectHeldBack(guardrail: FastGuardrail, text: string, allowance: Allowance = {}): number {
  const { exchange = conversationOf(), lead = 0 } = allowance;
  const { findings } = guardrail.check(answering(text, exchange, LOCATION), "output");
  for (const finding of findings) {
    const { start, end } = finding.span ?? { start: 0, end: text.length };
    for (let cut = start + 1 + lead; cut <= text.length && cut <= end + 3; cut += 1) {
      const glimpse = glimpseOf(guardrail, text.slice(0, cut), exchange);
      const isSafe = glimpse.openFrom <= start || covers(glimpse, finding);
      expect(isSafe, `${finding.rule}: ${JSON.stringify(text.slice(start, cut))} leaves`).toBe(true);
    }
  }
  return findings.length;
}

/** The findings of `check` are those of a glimpse at the whole text with a sentence's end behind it. */
export function expectSameFindings(
  guardrail: FastGuardrail,
  text: string,
  exchange: Exchange = conversationOf(),
): void {
  const ended = `${text} .`;
  const { findings } = guardrail.check(answering(ended, exchange, LOCATION), "output");
  expect(glimpseOf(guardrail, ended, exchange).findings).toEqual(findings);
}

/** What a piece shows that begins behind a blank, `back` units or a little more before the text's end, moved to the text. */
export function findingsOfPiece(guardrail: FastGuardrail, text: string, back: number, exchange?: Exchange): Finding[] {
  const begin = text.lastIndexOf(" ", Math.max(0, text.length - back)) + 1;
  return glimpseOf(guardrail, text.slice(begin), exchange).findings.map((finding) => ({
    ...finding,
    span: finding.span && { ...finding.span, start: finding.span.start + begin, end: finding.span.end + begin },
  }));
}

export const PROSE =
  "The library opens at nine in the morning, and the reading room stays open until eight. Visitors may borrow up to six books " +
  "at a time; children's books can be kept for a month. In the winter of 1998 the roof was repaired, and since then every room " +
  "has had a warm corner with a chair. If you would like to join, bring a letter with your address to the front desk, please. ";

export const CODE =
  'import { readFile } from "node:fs/promises";\n\nexport async function countLines(path: string): Promise<number> {\n' +
  '  const text = await readFile(path, "utf8");\n  const lines = text.split("\\n").length; // 0-based\n  return lines > 1 ? lines : 0x1f;\n}\n' +
  "See https://docs.example.org/reference/latest/filesystem/read-file-options?lang=en#encoding for version 2.14.3 (commit 9f86d081884c7d65).\n";

export const CHINESE =
  "图书馆早上九点开门,阅览室一直开放到晚上八点。每位读者一次最多可以借六本书,儿童读物可以借一个月。" +
  "冬天的时候,每个房间都有一个温暖的角落和一把椅子。如果您想加入,请带一封写有地址的信到前台。";

/** The ends of words and signs, where a model's tokens end. */
export function wordEnds(text: string): number[] {
  return Array.from(text.matchAll(/[\p{L}\p{N}]+|[^\p{L}\p{N}\s]/gu), ({ 0: word, index }) => index + word.length);
}
