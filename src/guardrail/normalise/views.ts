// All the ways in which a rule reads a text: folded, leetspeak undone, single letters joined, base64 and escapes decoded.
// Law: a view is made only when a cheap look says that it would differ; depth and size are bounded, so the work stays linear.
import type { ExchangeText } from "../exchange.ts";
import { KnownByText } from "../known-by-text.ts";
import { base64Segments } from "./base64-segments.ts";
import { unescapedView } from "./escapes.ts";
import { FoldedText } from "./fold.ts";
import { joinedLettersView } from "./joined-letters.ts";
import { leetspeakViews } from "./leetspeak.ts";
import type { Range, TextView } from "./text-view.ts";

const MAXIMUM_DEPTH = 2;
/** 20 characters carry 15 bytes, the shortest phrase that a rule knows. */
const SHORTEST_BASE64_UNITS = 20;

interface ViewOptions {
  /** for keys and tokens: keeps the case, and leaves leetspeak and single letters alone */
  readonly keepCase?: boolean;
}

interface EncodedPart extends Range {
  readonly inner: ReadText;
}

/** A text, and what stands in it in another form. Each is made when it is asked for, and serves the views of both cases. */
class ReadText {
  readonly #text: string;
  readonly #depth: number;
  #folded: FoldedText | null = null;
  #encoded: readonly EncodedPart[] | null = null;
  #unescaped: { readonly view: TextView | null; readonly inner: ReadText } | null = null;
  #views: readonly TextView[] | null = null;
  #viewsWithCase: readonly TextView[] | null = null;

  constructor(text: string, depth = 0) {
    this.#text = text;
    this.#depth = depth;
  }

  get views(): readonly TextView[] {
    this.#views ??= this.#viewsOf(false);
    return this.#views;
  }

  get viewsWithCase(): readonly TextView[] {
    this.#viewsWithCase ??= this.#viewsOf(true);
    return this.#viewsWithCase;
  }

  #viewsOf(keepCase: boolean): TextView[] {
    this.#folded ??= new FoldedText(this.#text);
    const folded = this.#folded.view(!keepCase);
    const views = [folded];
    if (!keepCase) {
      views.push(...leetspeakViews(folded));
      const joined = joinedLettersView(folded);
      if (joined !== null) views.push(joined, ...leetspeakViews(joined));
    }
    if (this.#depth >= MAXIMUM_DEPTH) return views;
    this.#addDecoded(views, keepCase);
    this.#addUnescaped(views, keepCase);
    return views;
  }

  #addDecoded(views: TextView[], keepCase: boolean): void {
    this.#encoded ??= base64Segments(this.#text, SHORTEST_BASE64_UNITS).map(({ start, end, decoded }) => ({
      start,
      end,
      inner: new ReadText(decoded, this.#depth + 1),
    }));
    for (const { start, end, inner } of this.#encoded) {
      for (const { text, kind } of keepCase ? inner.viewsWithCase : inner.views) {
        views.push({ text, kind, origin: () => ({ start, end }) });
      }
    }
  }

  #addUnescaped(views: TextView[], keepCase: boolean): void {
    if (this.#unescaped === null) {
      const view = unescapedView(this.#text);
      this.#unescaped = { view, inner: new ReadText(view?.text ?? "", this.#depth + 1) };
    }
    const { view: unescaped, inner } = this.#unescaped;
    if (unescaped === null) return;
    for (const view of keepCase ? inner.viewsWithCase : inner.views) {
      const origin = (start: number, end: number): Range => {
        const range = view.origin(start, end);
        return unescaped.origin(range.start, range.end);
      };
      views.push({ text: view.text, kind: view.kind, origin });
    }
  }
}

export function viewsOf(text: string, { keepCase = false }: ViewOptions = {}): readonly TextView[] {
  const read = new ReadText(text);
  return keepCase ? read.viewsWithCase : read.views;
}

/** Many guardrails read the same texts. */
const known = new KnownByText(({ text }: ExchangeText) => new ReadText(text));

export function viewsOfText(exchangeText: ExchangeText): readonly TextView[] {
  return known.of(exchangeText).views;
}

/** See `ViewOptions.keepCase`. */
export function viewsWithCaseOfText(exchangeText: ExchangeText): readonly TextView[] {
  return known.of(exchangeText).viewsWithCase;
}
