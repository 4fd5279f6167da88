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

function decodedViews(text: string, options: ViewOptions, depth: number): TextView[] {
  return base64Segments(text, SHORTEST_BASE64_UNITS).flatMap(({ start, end, decoded }) =>
    viewsOf(decoded, options, depth + 1).map((view) => ({
      text: view.text,
      kind: view.kind,
      origin: () => ({ start, end }),
    })),
  );
}

function unescapedViews(text: string, options: ViewOptions, depth: number): TextView[] {
  const unescaped = unescapedView(text);
  if (unescaped === null) return [];
  return viewsOf(unescaped.text, options, depth + 1).map((view) => ({
    text: view.text,
    kind: view.kind,
    origin: (start, end) => {
      const range = view.origin(start, end);
      return unescaped.origin(range.start, range.end);
    },
  }));
}

export function viewsOf(text: string, options: ViewOptions = {}, depth = 0): TextView[] {
  const folded = foldText(text, { lowerCase: options.keepCase !== true });
  const views = [folded];
  if (options.keepCase !== true) {
    views.push(...leetspeakViews(folded));
    const joined = joinedLettersView(folded);
    if (joined !== null) views.push(joined, ...leetspeakViews(joined));
  }
  if (depth < MAXIMUM_DEPTH) {
    for (const view of decodedViews(text, options, depth)) views.push(view);
    for (const view of unescapedViews(text, options, depth)) views.push(view);
  }
  return views;
}

/** Many guardrails read the same texts; the entries live no longer than the exchange they belong to. */
const known = new WeakMap<ExchangeText, readonly TextView[]>();
const knownWithCase = new WeakMap<ExchangeText, readonly TextView[]>();

function remembered(
  entries: WeakMap<ExchangeText, readonly TextView[]>,
  exchangeText: ExchangeText,
  options: ViewOptions,
): readonly TextView[] {
  const before = entries.get(exchangeText);
  if (before !== undefined) return before;
  const views = viewsOf(exchangeText.text, options);
  entries.set(exchangeText, views);
  return views;
}

export function viewsOfText(exchangeText: ExchangeText): readonly TextView[] {
  return remembered(known, exchangeText, {});
}

/** See `ViewOptions.keepCase`. */
export function viewsWithCaseOfText(exchangeText: ExchangeText): readonly TextView[] {
  return remembered(knownWithCase, exchangeText, { keepCase: true });
}
