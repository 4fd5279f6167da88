// How fast a fast guardrail reads. Law: real mixed text, one core, warm; megabytes are UTF-8 and the best run counts least.
import { performance } from "node:perf_hooks";
import type { FastGuardrail } from "../src/guardrail/guardrail.ts";
import { exchangeOf, type DetectionSet } from "./detect-sets.ts";

export interface Speed {
  /** 10⁶ bytes of UTF-8 a second, median of the rounds */
  readonly megabytesPerSecond: number;
  /** the same text counted in UTF-16, as the engine holds it */
  readonly megabytesUtf16PerSecond: number;
  readonly microsecondsPer4KibExchange: number;
}

const ROUNDS = 7;
const TEXT_CODE_UNITS = 2_000_000;
const EXCHANGE_BYTES = 4096;
const EXCHANGES = 2000;

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;
}

/** English and Chinese answers by turns. */
function mixedText(sets: readonly DetectionSet[]): string {
  const answers = (language: string): string[] =>
    sets
      .flatMap(({ samples }) => samples)
      .filter((sample) => sample.language === language)
      .flatMap(({ exchange }) => exchange.answer.map(({ text }) => text));
  const [english, chinese] = [answers("en"), answers("zh")];
  let text = "";
  for (let index = 0; text.length < TEXT_CODE_UNITS; index += 1) {
    text += `${english[index % english.length] ?? " "}\n${chinese[index % chinese.length] ?? " "}\n`;
  }
  return text;
}

/** The first `bytes` of UTF-8, without half a character at the end. */
function firstBytes(text: string, bytes: number): string {
  const encoded = new TextEncoder().encode(text.slice(0, bytes));
  return new TextDecoder().decode(encoded.subarray(0, bytes), { stream: true });
}

export function measureSpeed(guardrail: FastGuardrail, sets: readonly DetectionSet[]): Speed {
  const text = mixedText(sets);
  const long = exchangeOf("What is new?", text);
  const seconds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    guardrail.check(long, "output");
    return (performance.now() - start) / 1000;
  });
  const slices = Array.from({ length: EXCHANGES }, (_, index) =>
    exchangeOf(text.slice(index, index + 200), firstBytes(text.slice(index * 31), EXCHANGE_BYTES - 200)),
  );
  const microseconds = slices.map((exchange) => {
    const start = performance.now();
    guardrail.check(exchange, "output");
    return (performance.now() - start) * 1000;
  });
  const typical = median(seconds);
  return {
    megabytesPerSecond: Buffer.byteLength(text) / 1e6 / typical,
    megabytesUtf16PerSecond: (text.length * 2) / 1e6 / typical,
    microsecondsPer4KibExchange: median(microseconds),
  };
}
