// How fast a fast guardrail reads. Law: real text, warm, by the processor time of this process, so that a busy machine
// counts little; megabytes are 10⁶ bytes of UTF-8, and the median round counts.
import { performance } from "node:perf_hooks";
import type { FastGuardrail } from "../src/guardrail/guardrail.ts";
import { exchangeOf, type DetectionSet } from "./detect-sets.ts";

export interface Speed {
  /** English and Chinese by turns */
  readonly mixedMegabytesPerSecond: number;
  /** the same text counted in UTF-16, as the engine holds it */
  readonly mixedMegabytesUtf16PerSecond: number;
  readonly englishMegabytesPerSecond: number;
  /** wall-clock time, a request of 200 characters included */
  readonly microsecondsPer4KibExchange: number;
}

const ROUNDS = 7;
const TEXT_CODE_UNITS = 2_000_000;
const EXCHANGE_BYTES = 4096;
const EXCHANGES = 2000;

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;
}

/** Answers of the languages by turns. */
function textOf(sets: readonly DetectionSet[], languages: readonly string[]): string {
  const samples = sets.flatMap((set) => set.samples);
  const answers = languages.map((language) =>
    samples
      .filter((sample) => sample.language === language)
      .flatMap(({ exchange }) => exchange.answer.map(({ text }) => text)),
  );
  let text = "";
  for (let index = 0; text.length < TEXT_CODE_UNITS; index += 1) {
    for (const texts of answers) text += `${texts[index % texts.length] ?? " "}\n`;
  }
  return text;
}

/** The first `bytes` of UTF-8, without half a character at the end. */
function firstBytes(text: string, bytes: number): string {
  const encoded = new TextEncoder().encode(text.slice(0, bytes));
  return new TextDecoder().decode(encoded.subarray(0, bytes), { stream: true });
}

function processorSeconds(guardrail: FastGuardrail, text: string): number {
  const exchange = exchangeOf("What is new?", text);
  return median(
    Array.from({ length: ROUNDS }, () => {
      const start = process.cpuUsage();
      guardrail.check(exchange, "output");
      return process.cpuUsage(start).user / 1e6;
    }),
  );
}

function exchangeMicroseconds(guardrail: FastGuardrail, text: string): number {
  const exchanges = Array.from({ length: EXCHANGES }, (_, index) =>
    exchangeOf(text.slice(index, index + 200), firstBytes(text.slice(index * 31), EXCHANGE_BYTES - 200)),
  );
  return median(
    exchanges.map((exchange) => {
      const start = performance.now();
      guardrail.check(exchange, "output");
      return (performance.now() - start) * 1000;
    }),
  );
}

export function measureSpeed(guardrail: FastGuardrail, sets: readonly DetectionSet[]): Speed {
  const [mixed, english] = [textOf(sets, ["en", "zh"]), textOf(sets, ["en"])];
  const mixedSeconds = processorSeconds(guardrail, mixed);
  return {
    mixedMegabytesPerSecond: Buffer.byteLength(mixed) / 1e6 / mixedSeconds,
    mixedMegabytesUtf16PerSecond: (mixed.length * 2) / 1e6 / mixedSeconds,
    englishMegabytesPerSecond: Buffer.byteLength(english) / 1e6 / processorSeconds(guardrail, english),
    microsecondsPer4KibExchange: exchangeMicroseconds(guardrail, mixed),
  };
}
