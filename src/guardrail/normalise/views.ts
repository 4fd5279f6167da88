// All the ways in which a rule reads a text: folded, leetspeak undone, single letters joined, base64 decoded.
// Law: a view is made only when a cheap look says that it would differ; depth and size are bounded, so the work stays linear.
import { base64Segments } from "./base64-segments.ts";
import { foldText } from "./fold.ts";
import { joinedLettersView } from "./joined-letters.ts";
import { leetspeakViews } from "./leetspeak.ts";
import type { TextView } from "./text-view.ts";

const MAXIMUM_DEPTH = 2;

export interface ViewOptions {
  /** for keys and tokens: keeps the case, and leaves leetspeak and single letters alone */
  readonly keepCase?: boolean;
  readonly minimumBase64Units?: number;
}

export function* viewsOf(text: string, options: ViewOptions = {}, depth = 0): Generator<TextView, void, undefined> {
  const { keepCase = false, minimumBase64Units } = options;
  const folded = foldText(text, { lowerCase: !keepCase });
  yield folded;
  if (!keepCase) {
    yield* leetspeakViews(folded);
    const joined = joinedLettersView(folded);
    if (joined !== null) {
      yield joined;
      yield* leetspeakViews(joined);
    }
  }
  if (depth >= MAXIMUM_DEPTH) return;
  for (const { start, end, decoded } of base64Segments(text, minimumBase64Units)) {
    for (const view of viewsOf(decoded, options, depth + 1)) {
      yield { text: view.text, kind: view.kind, origin: () => ({ start, end }) };
    }
  }
}
