// Tells in one pass which of many short signs stand in a text. Law: linear; exact, and a table of two units spares the comparing.

const PAIRS = 4096;

interface Sign {
  readonly sign: string;
  readonly bit: number;
}

function pairOf(first: number, second: number): number {
  return (first * 31 + second) & (PAIRS - 1);
}

export class SignIndex {
  /** by two units in a row, 1 + the place in `#signs`; 0 where no sign begins so */
  readonly #table = new Uint8Array(PAIRS);
  readonly #signs: Sign[][] = [];

  /** @param groups up to 31, of signs of two units and more; at most 255 signs */
  constructor(groups: readonly (readonly string[])[]) {
    for (const [group, signs] of groups.entries()) {
      for (const sign of signs) {
        if (sign.length < 2) throw new RangeError("A sign must have two units.");
        const pair = pairOf(sign.charCodeAt(0), sign.charCodeAt(1));
        const known = this.#signs[(this.#table[pair] ?? 0) - 1];
        if (known === undefined) this.#table[pair] = this.#signs.push([{ sign, bit: 1 << group }]);
        else known.push({ sign, bit: 1 << group });
      }
    }
  }

  /** A bit for each group of which a sign is in the text. */
  groupsIn(text: string): number {
    let groups = 0;
    let first = text.charCodeAt(0);
    for (let place = 1; place < text.length; place += 1) {
      const second = text.charCodeAt(place);
      const known = this.#table[pairOf(first, second)] ?? 0;
      if (known > 0) groups |= groupsAt(text, place - 1, this.#signs[known - 1] ?? []);
      first = second;
    }
    return groups;
  }
}

function groupsAt(text: string, place: number, signs: readonly Sign[]): number {
  let groups = 0;
  for (const { sign, bit } of signs) {
    if (isAt(text, place, sign)) groups |= bit;
  }
  return groups;
}

/** By hand: most signs fail at once, sooner than a call of `startsWith` begins. */
function isAt(text: string, place: number, sign: string): boolean {
  for (let unit = sign.length - 1; unit >= 0; unit -= 1) {
    if (text.charCodeAt(place + unit) !== sign.charCodeAt(unit)) return false;
  }
  return true;
}
