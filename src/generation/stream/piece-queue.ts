// The pieces of one choice that have come and not left, in their order. Law: a chunk leaves when all its texts may; one that is
// plain text leaves in part, and pieces of one text that wait together leave as one chunk.
import type { Fields } from "../../wire/chat-chunk.ts";
import { plainDelta, withDeltaTexts } from "./delta-texts.ts";
import type { WatchedText } from "./watched-text.ts";

export interface Segment {
  readonly text: WatchedText;
  readonly start: number;
  readonly end: number;
}

interface PlainPiece {
  readonly kind: "plain";
  readonly head: Fields;
  readonly text: WatchedText;
  end: number;
}

interface RichPiece {
  readonly kind: "rich";
  readonly head: Fields;
  readonly delta: Fields;
  /** fields of the choice beside its delta */
  readonly beside: Fields;
  readonly segments: readonly Segment[];
}

export class PieceQueue {
  readonly #index: number;
  readonly #pieces: (PlainPiece | RichPiece)[] = [];

  constructor(index: number) {
    this.#index = index;
  }

  addPlain(head: Fields, text: WatchedText): void {
    const last = this.#pieces.at(-1);
    if (last?.kind === "plain" && last.text === text) last.end = text.text.length;
    else this.#pieces.push({ kind: "plain", head, text, end: text.text.length });
  }

  addRich(piece: Omit<RichPiece, "kind">): void {
    this.#pieces.push({ kind: "rich", ...piece });
  }

  clear(): void {
    this.#pieces.length = 0;
  }

  /** The chunks that may leave now. */
  flush(): readonly Fields[] {
    const chunks: Fields[] = [];
    let gone = 0;
    for (const piece of this.#pieces) {
      const isWhole = piece.kind === "plain" ? this.#flushPlain(piece, chunks) : this.#flushRich(piece, chunks);
      if (!isWhole) break;
      gone += 1;
    }
    this.#pieces.splice(0, gone);
    return chunks;
  }

  #flushPlain({ head, text, end }: PlainPiece, chunks: Fields[]): boolean {
    const limit = Math.min(end, text.releasable);
    if (limit > text.released) {
      const delta = plainDelta(text.location, text.rendered(text.released, limit));
      text.released = limit;
      if (delta !== null) chunks.push(this.#chunk(head, delta, {}));
    }
    return text.released >= end;
  }

  #flushRich({ head, delta, beside, segments }: RichPiece, chunks: Fields[]): boolean {
    if (segments.some(({ text, end }) => text.releasable < end)) return false;
    const isCut = segments.some(({ text, start, end }) => text.touchesCut(start, end));
    const change = (_: string, location: string): string => {
      const segment = segments.find(({ text }) => text.location === location);
      return segment === undefined ? "" : segment.text.rendered(segment.start, segment.end);
    };
    // Log probabilities repeat the tokens that were cut.
    const changed = isCut ? { delta: withDeltaTexts(delta, change), beside: { logprobs: null } } : { delta, beside };
    chunks.push(this.#chunk(head, changed.delta, changed.beside));
    for (const { text, end } of segments) text.released = Math.max(text.released, end);
    return true;
  }

  #chunk(head: Fields, delta: Fields, beside: Fields): Fields {
    return { ...head, choices: [{ index: this.#index, delta, ...beside, finish_reason: null }] };
  }
}
