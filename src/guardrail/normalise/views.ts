// All the ways in which a rule reads a text: folded, leetspeak undone, single letters joined, base64 and escapes decoded.
// Law: a view is made only when a cheap look says that it would differ; depth and size are bounded, so the work stays linear.
import type { ExchangeText } from "../exchange.ts";
import { base64Segments } from "./base64-segments.ts";
import { unescapedView } from "./escapes.ts";
import { foldText } from "./fold.ts";
import { joinedLettersView } from "./joined-letters.ts";
import { leetspeakViews } from "./leetspeak.ts";
import type { TextView } from "./text-view.ts";

const MAXIMUM_DEPTH = 2;
/** 20 characters carry 15 bytes, the shortest phrase that a rule knows. */
const SHORTEST_BASE64_UNITS = 20;

interface ViewOptions {
  /** for keys and tokens: keeps the case, and leaves leetspeak and single letters alone */
  readonly keepCase?: boolean;
}

function* decodedViews(text: string, options: ViewOptions, depth: number): Generator<TextView, void, undefined> {
  for (const { start, end, decoded } of base64Segments(text, SHORTEST_BASE64_UNITS)) {
    for (const view of viewsOf(decoded, options, depth + 1)) {
      yield { text: view.text, kind: view.kind, origin: () => ({ start, end }) };
    }
  }
}

function* unescapedViews(text: string, options: ViewOptions, depth: number): Generator<TextView, void, undefined> {
  const unescaped = unescapedView(text);
  if (unescaped === null) return;
  for (const view of viewsOf(unescaped.text, options, depth + 1)) {
    yield {
      text: view.text,
      kind: view.kind,
      origin: (start, end) => {
        const range = view.origin(start, end);
        return unescaped.origin(range.start, range.end);
      },
    };
  }
}

export function* viewsOf(text: string, options: ViewOptions = {}, depth = 0): Generator<TextView, void, undefined> {
  const folded = foldText(text, { lowerCase: options.keepCase !== true });
  yield folded;
  if (options.keepCase !== true) {
    yield* leetspeakViews(folded);
    const joined = joinedLettersView(folded);
    if (joined !== null) {
      yield joined;
      yield* leetspeakViews(joined);
    }
  }
  if (depth >= MAXIMUM_DEPTH) return;
  yield* decodedViews(text, options, depth);
  yield* unescapedViews(text, options, depth);
}

/** Many guardrails read the same texts; the entries live no longer than the exchange they belong to. */
const known = new WeakMap<ExchangeText, readonly TextView[]>();

export function viewsOfText(exchangeText: ExchangeText): readonly TextView[] {
  const views = known.get(exchangeText) ?? [...viewsOf(exchangeText.text)];
  known.set(exchangeText, views);
  return views;
}
