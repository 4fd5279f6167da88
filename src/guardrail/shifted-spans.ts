// Places in a part of a text, as places in the whole of it. Law: only texts that are known to be parts are shifted.
import type { Verdict } from "./verdict.ts";

/** @param starts where each part begins in its text, by location */
export function shiftedSpans(verdict: Verdict, starts: ReadonlyMap<string, number>): Verdict {
  const findings = verdict.findings.map((finding) => {
    const { span } = finding;
    const start = span === null ? 0 : (starts.get(span.location) ?? 0);
    return span === null
      ? finding
      : { ...finding, span: { ...span, start: span.start + start, end: span.end + start } };
  });
  return { ...verdict, findings };
}
