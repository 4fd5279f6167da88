// Cuts spans out of a text. Law: spans may overlap and come in any order; each run of them leaves one placeholder, an empty one none.

/** [start, end) in UTF-16 code units. */
export interface Cut {
  readonly start: number;
  readonly end: number;
}

export function cutSpans(text: string, spans: readonly Cut[], placeholder: string): string {
  let result = "";
  let position = 0;
  for (const { start, end } of spans.toSorted((left, right) => left.start - right.start)) {
    if (end <= start || end <= position) continue;
    if (start >= position) result += `${text.slice(position, start)}${placeholder}`;
    position = end;
  }
  return result + text.slice(position);
}
