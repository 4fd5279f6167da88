// The parts of one message's content, read as the model reads them: one behind the other. Law: adds to what each part says
// by itself; a span that reaches over two parts ends with the first, since a span lies in one text.
import type { ExchangeText } from "./exchange.ts";
import type { Finding } from "./verdict.ts";

type FindingsIn = (text: ExchangeText) => readonly Finding[];

const PART = /^(?<message>messages\[\d+\]\.content)\[\d+\]\.text$/;

function messageOf({ location }: ExchangeText): string | null {
  return PART.exec(location)?.groups?.["message"] ?? null;
}

function groupsOf(texts: readonly ExchangeText[]): ExchangeText[][] {
  const groups: ExchangeText[][] = [];
  let previous: string | null = null;
  for (const text of texts) {
    const message = messageOf(text);
    if (message !== null && message === previous) groups.at(-1)?.push(text);
    else groups.push([text]);
    previous = message;
  }
  return groups;
}

/** The same finding, at its place in the part where it begins. */
function inPart(finding: Finding, parts: readonly ExchangeText[]): Finding {
  if (finding.span === null) return finding;
  let before = 0;
  for (const { text, location } of parts) {
    const [start, end] = [finding.span.start - before, finding.span.end - before];
    if (start < text.length) return { ...finding, span: { location, start, end: Math.min(end, text.length) } };
    before += text.length + 1;
  }
  return { ...finding, span: null };
}

/** One pass over the parts joined by a blank; the rules that a part has by itself are told at their places there. */
function inGroup(parts: readonly ExchangeText[], findingsIn: FindingsIn): readonly Finding[] {
  const apart = parts.flatMap((part) => findingsIn(part));
  const [first] = parts;
  if (first === undefined || parts.length === 1) return apart;
  const known = new Set(apart.map(({ rule }) => rule));
  const joined = { ...first, text: parts.map(({ text }) => text).join(" ") };
  const across = findingsIn(joined).filter(({ rule }) => !known.has(rule));
  return [...apart, ...across.map((finding) => inPart(finding, parts))];
}

/** What is found in each text, and across the adjacent parts of a message. */
export function findingsAcross(texts: readonly ExchangeText[], findingsIn: FindingsIn): Finding[] {
  return groupsOf(texts).flatMap((parts) => inGroup(parts, findingsIn));
}
