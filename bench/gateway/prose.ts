// Ordinary English for the mock model to say. Law: mild, our own, and the same at every run.

const SUBJECTS = [
  ...["The old mill", "A small boat", "My neighbour", "The town library", "Our garden", "The morning train"],
  ...["The baker", "A quiet road", "The school choir", "Her brother", "The market hall", "The lighthouse"],
] as const;
const VERBS = [
  ...["looks after", "stands beside", "waits near", "opens towards", "has always known", "passes"],
  ...["keeps a map of", "tells stories about", "was painted like", "leads to", "remembers", "belongs to"],
] as const;
const OBJECTS = [
  ...["the river", "a row of apple trees", "the wide meadow", "the stone bridge", "the harbour", "two green hills"],
  ...["the clock tower", "an open field", "the northern shore", "a narrow lane", "the village square", "the pine wood"],
] as const;
const TIMES = [
  ...["in early spring", "after the rain", "on most evenings", "before breakfast", "when the bells ring", "all year"],
  ...[
    "during the harvest",
    "at the end of summer",
    "once a week",
    "while the kettle sings",
    "in winter light",
    "today",
  ],
] as const;

/** Steps through the phrases so that every sentence differs from its neighbours. */
function sentence(index: number): string {
  const pick = (phrases: readonly string[], factor: number): string =>
    phrases[(index * factor + Math.floor(index / phrases.length)) % phrases.length] ?? "";
  return `${pick(SUBJECTS, 1)} ${pick(VERBS, 5)} ${pick(OBJECTS, 7)} ${pick(TIMES, 11)}.`;
}

/** That many tokens: words with the space before them, as models cut them. */
export function proseTokens(count: number): readonly string[] {
  const tokens: string[] = [];
  for (let index = 0; tokens.length < count; index += 1) {
    for (const word of sentence(index).split(" ")) tokens.push(tokens.length === 0 ? word : ` ${word}`);
  }
  return tokens.slice(0, count);
}

/** Whole tokens, together about that many characters. */
export function prose(characters: number): string {
  let text = "";
  for (const token of proseTokens(characters)) {
    if (text.length + token.length > characters) break;
    text += token;
  }
  return text;
}
