// The parts of one message's content, and the contents of user messages in a row, read as the model reads them: one behind
// the other. Law: adds to what each part says by itself; what reaches over two parts is told once for each of them, since a span
// lies in one text and all of it must be covered.
import type { ExchangeText } from "./exchange.ts";
import type { Finding } from "./verdict.ts";

type FindingsIn = (text: ExchangeText) => readonly Finding[];

const CONTENT = /^(?<message>messages\[\d+\]\.content)(?:\[\d+\]\.text)?$/;

/** null for a text that is no content: a name, the arguments of a call. */
function messageOf({ location }: ExchangeText): string | null {
  return CONTENT.exec(location)?.groups?.["message"] ?? null;
}

interface Group {
  readonly message: string;
  readonly isUser: boolean;
  readonly parts: ExchangeText[];
}

/** A name or an empty turn between two contents parts them no more than it does for the model. */
function groupsOf(texts: readonly ExchangeText[]): readonly (readonly ExchangeText[])[] {
  const groups: (readonly ExchangeText[])[] = [];
  let last: Group | null = null;
  for (const text of texts) {
    const message = messageOf(text);
    const isUser = text.role === "user";
    if (last !== null && message !== null && (message === last.message || (isUser && last.isUser))) {
      last.parts.push(text);
      continue;
    }
    const parts = [text];
    groups.push(parts);
    if (message !== null) last = { message, isUser, parts };
    else if (!isUser) last = null;
  }
  return groups;
}

/** The same finding, at its place in each part that it touches. */
function inParts(finding: Finding, parts: readonly ExchangeText[]): readonly Finding[] {
  const { span } = finding;
  if (span === null) return [finding];
  const placed: Finding[] = [];
  let before = 0;
  for (const { text, location } of parts) {
    // A match may begin or end at the blank between two parts.
    const [start, end] = [Math.max(0, span.start - before), Math.min(span.end - before, text.length)];
    if (start < end) placed.push({ ...finding, span: { location, start, end } });
    before += text.length + 1;
  }
  return placed.length > 0 ? placed : [{ ...finding, span: null }];
}

/** One pass over the parts joined by a blank; the rules that a part has by itself are told at their places there. */
function inGroup(parts: readonly ExchangeText[], findingsIn: FindingsIn): readonly Finding[] {
  const apart = parts.flatMap((part) => findingsIn(part));
  const [first] = parts;
  if (first === undefined || parts.length === 1) return apart;
  const known = new Set(apart.map(({ rule }) => rule));
  const joined = { ...first, text: parts.map(({ text }) => text).join(" ") };
  const across = findingsIn(joined).map((finding) => inParts(finding, parts));
  return [
    ...apart,
    ...across.filter((placed) => placed.length > 1 || placed.every(({ rule }) => !known.has(rule))).flat(),
  ];
}

/** What is found in each text, across the adjacent parts of a message, and across user messages in a row. */
export function findingsAcross(texts: readonly ExchangeText[], findingsIn: FindingsIn): Finding[] {
  return groupsOf(texts).flatMap((parts) => inGroup(parts, findingsIn));
}
