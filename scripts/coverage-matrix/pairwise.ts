// Pairwise rows: each value of each factor meets each value of every other one (R. Mandl, «Orthogonal Latin squares», CACM 28(10),
// 1985). Law: greedy and without chance, so that every run has the same rows.

export type Row = Readonly<Record<string, string | number>>;

function pairsOf(row: Row): readonly string[] {
  const entries = Object.entries(row).map(([factor, value]) => `${factor}=${value}`);
  return entries.flatMap((left, place) => entries.slice(place + 1).map((right) => `${left} ${right}`));
}

/** For each fixed row the candidate that brings the most new pairs, given as the rows that it could become. */
export function spreadPairs<Each extends Row>(fixed: readonly (readonly Each[])[]): readonly Each[] {
  const seen = new Map<string, number>();
  return fixed.flatMap((candidates) => {
    let best: Each | null = null;
    let bestGain = -1;
    for (const candidate of candidates) {
      // Pairs that are rare so far count most; a pair that was never seen counts as much as many that were.
      const gain = pairsOf(candidate).reduce((sum, pair) => sum + 1 / (1 + (seen.get(pair) ?? 0)) ** 2, 0);
      if (gain > bestGain) [best, bestGain] = [candidate, gain];
    }
    if (best === null) return [];
    for (const pair of pairsOf(best)) seen.set(pair, (seen.get(pair) ?? 0) + 1);
    return [best];
  });
}

/** Pairs that some candidate has and no chosen row does. */
export function missingPairs(candidates: readonly Row[], chosen: readonly Row[]): readonly string[] {
  const covered = new Set(chosen.flatMap(pairsOf));
  return [...new Set(candidates.flatMap(pairsOf))].filter((pair) => !covered.has(pair));
}
