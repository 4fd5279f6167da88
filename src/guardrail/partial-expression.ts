// From an expression, one that matches what may still become a match of it: a beginning that reaches the end of the text.
// Law: every step X becomes «X or the end», so the work stays as linear as it was; an expression that is anchored at the
// beginning of the text, refers back, or is written in a way that is not known here gives null.

/** `$` for JavaScript without the flag m, `\z` for RE2. */
export type EndOfText = "$" | "\\z";

export interface PartialExpression {
  /** matches from the first character of a beginning to the end of the text; never nothing at all */
  readonly source: string;
  /** whether what stands behind a match decides about it, so that one that reaches the end may vanish */
  readonly looksAhead: boolean;
}

type Node =
  | { readonly kind: "character"; readonly source: string }
  | { readonly kind: "assertion"; readonly source: string }
  | { readonly kind: "group"; readonly open: string; readonly branches: readonly Node[][] }
  | { readonly kind: "repeat"; readonly node: Node; readonly least: number; readonly most: number };

const FLAGS_AHEAD = /^\(\?[a-zA-Z]+\)/;
const CLASS = /\[\^?\]?(?:\[:\^?[a-z]+:\]|\\[^]|[^\]\\])*\]/y;
const CHARACTER_ESCAPE =
  /\\(?:[pP]\{[^}]*\}|[pP][A-Z]|x\{[0-9a-fA-F]+\}|x[0-9a-fA-F]{2}|u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|[dDwWsStnrfva]|[^0-9A-Za-z])/y;
const EDGE = /\\[bB]|\\z|\$/y;
const GROUP = /\((?:\?(?::|<=|<!|=|!|P?<[A-Za-z_]\w*>|[a-z]*(?:-[a-z]+)?:))?/y;
const QUANTIFIER = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/y;
const PLAIN = /[^\\[\](){}*+?|^$]/uy;
const LONGEST_SOURCE_UNITS = 20_000;

class Unknown extends Error {}

class Parser {
  readonly #source: string;
  #place = 0;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): Node[][] {
    const branches = this.#branches();
    if (this.#place < this.#source.length) throw new Unknown();
    return branches;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#place;
    const match = pattern.exec(this.#source);
    if (match !== null) this.#place += match[0].length;
    return match;
  }

  #branches(): Node[][] {
    const branches: Node[][] = [[]];
    for (;;) {
      const next = this.#source[this.#place];
      if (next === undefined || next === ")") return branches;
      if (next === "|") {
        this.#place += 1;
        branches.push([]);
      } else branches.at(-1)?.push(this.#repeated(this.#node()));
    }
  }

  #node(): Node {
    const character = this.#take(CLASS) ?? this.#take(PLAIN);
    if (character !== null) return { kind: "character", source: character[0] };
    const edge = this.#take(EDGE);
    if (edge !== null) return { kind: "assertion", source: edge[0] };
    const escaped = this.#take(CHARACTER_ESCAPE);
    if (escaped !== null) return { kind: "character", source: escaped[0] };
    const opened = this.#take(GROUP);
    if (opened === null) throw new Unknown();
    return this.#group(opened[0], this.#place);
  }

  #group(open: string, inside: number): Node {
    const branches = this.#branches();
    if (this.#source[this.#place] !== ")") throw new Unknown();
    this.#place += 1;
    // What stands before is known, and what must not follow has not followed yet.
    if (open === "(?!" || open === "(?<=" || open === "(?<!") {
      return { kind: "assertion", source: open + this.#source.slice(inside, this.#place) };
    }
    return { kind: "group", open: open === "(" || open.startsWith("(?P<") ? "(?:" : open, branches };
  }

  #repeated(node: Node): Node {
    const match = this.#take(QUANTIFIER);
    if (match === null) return node;
    const [sign, least, comma, most] = match;
    if (least === undefined) {
      return { kind: "repeat", node, least: sign.startsWith("+") ? 1 : 0, most: sign.startsWith("?") ? 1 : Infinity };
    }
    const fewest = Number(least);
    const atMost = comma === "" ? fewest : most === "" ? Infinity : Number(most);
    return { kind: "repeat", node, least: fewest, most: atMost };
  }
}

function looksAround(node: Node): boolean {
  if (node.kind === "character") return false;
  if (node.kind === "repeat") return looksAround(node.node);
  if (node.kind === "assertion") return !node.source.startsWith("(?<");
  return node.open === "(?=" || node.branches.some((branch) => branch.some(looksAround));
}

/** What an expression asks first, before any character, looks back: «\bword». */
function looksAhead(branches: readonly Node[][]): boolean {
  return branches.some((branch) =>
    branch.some((node, place) => looksAround(node) && !(place === 0 && node.kind === "assertion")),
  );
}

function quantifier(least: number, most: number): string {
  return most === Infinity ? `{${least},}` : `{${least},${most}}`;
}

function isNullable(node: Node): boolean {
  if (node.kind === "character") return false;
  if (node.kind === "assertion" || (node.kind === "group" && node.open === "(?=")) return true;
  if (node.kind === "repeat") return node.least === 0 || isNullable(node.node);
  return node.branches.some((branch) => branch.every(isNullable));
}

class Writer {
  readonly #end: EndOfText;

  constructor(end: EndOfText) {
    this.#end = end;
  }

  /** What matches the nodes, or their beginning up to the end of the text. */
  partial(nodes: readonly Node[]): string {
    return nodes.map((node) => this.#partialNode(node)).join("");
  }

  #partialNode(node: Node): string {
    if (node.kind === "group") return `${node.open}${node.branches.map((branch) => this.partial(branch)).join("|")})`;
    if (node.kind !== "repeat") return `(?:${node.source}|${this.#end})`;
    return `(?:${this.#partialNode(node.node)})${quantifier(node.least, node.most)}`;
  }

  /** The same with one character of the text at least; null where the nodes have none. */
  begun(nodes: readonly Node[]): string | null {
    const [first, ...rest] = nodes;
    if (first === undefined) return null;
    const ways = [
      ...this.#begunBy(first).map((way) => way + this.partial(rest)),
      ...(isNullable(first) ? this.#skipping(first, rest) : []),
    ];
    return ways.length === 0 ? null : `(?:${ways.join("|")})`;
  }

  #skipping(first: Node, rest: readonly Node[]): string[] {
    const later = this.begun(rest);
    if (later === null) return [];
    if (first.kind === "assertion") return [first.source + later];
    return [first.kind === "group" && first.open === "(?=" ? this.#partialNode(first) + later : later];
  }

  #begunBy(node: Node): string[] {
    if (node.kind === "character") return [node.source];
    if (node.kind === "assertion" || (node.kind === "group" && node.open === "(?=")) return [];
    if (node.kind === "group") {
      const ways = node.branches.flatMap((branch) => this.begun(branch) ?? []);
      return ways.length === 0 ? [] : [`${node.open}${ways.join("|")})`];
    }
    if (node.most === 0) return [];
    const others = `(?:${this.#partialNode(node.node)})${quantifier(Math.max(0, node.least - 1), node.most - 1)}`;
    return this.#begunBy(node.node).map((way) => way + others);
  }
}

/**
 * @example
 * partialExpression("order-[0-9]{2}", "$")?.source; // matches «or», «order-», «order-1», «order-12» at the end of a text
 */
export function partialExpression(source: string, end: EndOfText): PartialExpression | null {
  const [flags = ""] = FLAGS_AHEAD.exec(source) ?? [];
  try {
    const branches = new Parser(source.slice(flags.length)).parse();
    const begun = new Writer(end).begun([{ kind: "group", open: "(?:", branches }]);
    if (begun === null || begun.length > LONGEST_SOURCE_UNITS) return null;
    return { source: `${flags}${begun}${end}`, looksAhead: looksAhead(branches) };
  } catch (error) {
    if (error instanceof Unknown) return null;
    throw error;
  }
}
