// Letters that stand apart («i g n o r e», «i.g.n.o.r.e»), written together. Law: holds such runs only, a newline between
// two of them; the rest of the text is the folded view's business.
import type { TextView } from "./text-view.ts";
import { ViewBuilder } from "./view-builder.ts";

// Four or more single characters, each between separators. A separator is never a letter, so there is one way to match.
const RUN =
  /(?<![a-z0-9\u4e00-\u9fff])[a-z0-9\u4e00-\u9fff](?:[ ._*|/,\-\n]{1,4}[a-z0-9\u4e00-\u9fff](?![a-z0-9\u4e00-\u9fff])){3,}/g;
const LETTER = /[a-z0-9\u4e00-\u9fff]/;

export function joinedLettersView(view: TextView): TextView | null {
  if (view.text.search(RUN) < 0) return null;
  const builder = new ViewBuilder();
  let isFirst = true;
  for (const match of view.text.matchAll(RUN)) {
    if (!isFirst) {
      const { start } = view.origin(match.index, match.index + 1);
      builder.unit(0x0a, start, start);
    }
    isFirst = false;
    for (let offset = 0; offset < match[0].length; offset += 1) {
      if (!LETTER.test(match[0][offset] ?? "")) continue;
      const { start, end } = view.origin(match.index + offset, match.index + offset + 1);
      builder.unit(match[0].charCodeAt(offset), start, end);
    }
  }
  return builder.view("joined");
}
