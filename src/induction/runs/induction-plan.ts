// What a run will attempt, in which order. Law: pure; the same seeds, settings and seed give the same attempts under the same
// numbers, so that a run that goes on after a crash goes on with the same ones.
import { seededDraw, shuffled } from "../../lib/seeded-draw.ts";
import type { InductionArm, InductionSettings } from "../../mistake/induction-run.ts";
import { techniqueOf } from "../techniques/catalogue.ts";
import type { Draw } from "../techniques/technique.ts";

/** Durable steps times the attempts of one: see induction-steps.ts. */
export const MOST_ATTEMPTS = 8_000;

export interface PlannedAttempt {
  /** its number within the run */
  readonly index: number;
  /** the seed's number */
  readonly seed: number;
  readonly technique: string;
  readonly arm: InductionArm;
  /** calls of the model at most, but for those of judges that ask the same model */
  readonly calls: number;
}

/** @param callsATurn of an arm: the answer, and what its guidance asks beforehand */
export function inductionPlan(
  seedCount: number,
  { techniques, arms, budget, seed }: Pick<InductionSettings, "techniques" | "arms" | "budget" | "seed">,
  callsATurn: Readonly<Record<InductionArm, number>> = { unguided: 1, guided: 1 },
): readonly PlannedAttempt[] {
  // Both arms of a pair stand together, so that what is cut off is cut off from both.
  const known = techniques.flatMap((id) => techniqueOf(id) ?? []);
  const pairs = Array.from({ length: seedCount }, (_, place) => place).flatMap((place) =>
    known.map((technique) => ({ place, technique })),
  );
  const planned: PlannedAttempt[] = [];
  let calls = 0;
  for (const { place, technique } of shuffled(pairs, seededDraw(`plan ${seed}`))) {
    const attempts = arms.map((arm) => ({ arm, calls: technique.turns * callsATurn[arm] }));
    const cost = attempts.reduce((sum, attempt) => sum + attempt.calls, 0);
    if (calls + cost > budget || planned.length + attempts.length > MOST_ATTEMPTS) continue;
    calls += cost;
    for (const attempt of attempts) {
      planned.push({ index: planned.length, seed: place, technique: technique.id, ...attempt });
    }
  }
  return planned;
}

/** What an attempt's technique draws: both arms of a pair ask the same words. */
export function drawsOf(settings: Pick<InductionSettings, "seed">, { seed, technique }: PlannedAttempt): Draw {
  return seededDraw(`script ${settings.seed} ${seed} ${technique}`);
}
