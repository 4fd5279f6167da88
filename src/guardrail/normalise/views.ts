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

/** Made when they are asked for. */
class KnownViews {
  readonly #text: string;
  #views: readonly TextView[] | null = null;
  #viewsWithCase: readonly TextView[] | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  get views(): readonly TextView[] {
    this.#views ??= viewsOf(this.#text);
    return this.#views;
  }

  get viewsWithCase(): readonly TextView[] {
    this.#viewsWithCase ??= viewsOf(this.#text, { keepCase: true });
    return this.#viewsWithCase;
  }
}

/**
 * Many guardrails read the same texts; the entries live no longer than the exchange they belong to. One entry a text: for
 * a short one it costs as much as the views.
 */
const known = new WeakMap<ExchangeText, KnownViews>();

function knownOf(exchangeText: ExchangeText): KnownViews {
  const before = known.get(exchangeText);
  if (before !== undefined) return before;
  const views = new KnownViews(exchangeText.text);
  known.set(exchangeText, views);
  return views;
}

export function viewsOfText(exchangeText: ExchangeText): readonly TextView[] {
  return knownOf(exchangeText).views;
}

/** See `ViewOptions.keepCase`. */
export function viewsWithCaseOfText(exchangeText: ExchangeText): readonly TextView[] {
  return knownOf(exchangeText).viewsWithCase;
}
