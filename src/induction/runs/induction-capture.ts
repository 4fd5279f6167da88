// What an attempt captures: mistakes of source `induction`, under ids that run and attempt decide. Law: nothing of it is production —
// no attack, no feedback window, no key, no end user; a refusal is what a red team's request deserves, so it is no mistake.
import { flaggedCategories } from "../../guardrail/flagged-categories.ts";
import { sha256 } from "../../lib/hash.ts";
import { idFloor } from "../../lib/ids.ts";
import type { Capture, MistakeDraft } from "../../mistake/capture.ts";
import type { InductionRun } from "../../mistake/induction-run.ts";
import { OVER_REFUSAL } from "../../policy/category.ts";
import type { PlannedAttempt } from "./induction-plan.ts";

const HASH_DIGITS = 20;

/** The same for the same attempt, whenever it is made: stored again, it is the mistake that is there. */
export async function inductionMistakeId(
  { id, createdAt }: Pick<InductionRun, "id" | "createdAt">,
  index: number,
  place: number,
): Promise<string> {
  const hash = await sha256(`${id} ${index} ${place}`);
  const random = BigInt(`0x${hash.slice(0, HASH_DIGITS)}`).toString(36);
  return `${idFloor("mis", createdAt)}${random.padStart(16, "0")}`;
}

export class InductionCapture implements Capture {
  readonly #capture: Capture;
  readonly #run: InductionRun;
  readonly #attempt: PlannedAttempt;
  readonly #stored: string[] = [];
  #flagged = 0;

  constructor(capture: Capture, run: InductionRun, attempt: PlannedAttempt) {
    this.#capture = capture;
    this.#run = run;
    this.#attempt = attempt;
  }

  /** answers that were flagged, stored or not */
  get flagged(): number {
    return this.#flagged;
  }

  get mistakeId(): string | null {
    return this.#stored[0] ?? null;
  }

  async mistake(draft: MistakeDraft): Promise<string | null> {
    const flagged = flaggedCategories(draft.verdicts.filter(({ side }) => side === "output"));
    if (flagged.every((category) => category === OVER_REFUSAL)) return null;
    const { index, technique } = this.#attempt;
    const id = await inductionMistakeId(this.#run, index, this.#flagged);
    this.#flagged += 1;
    const stored = await this.#capture.mistake({
      ...draft,
      id,
      source: "induction",
      releasedCharacters: 0,
      provenance: { ...draft.provenance, keyId: null, endUser: null, technique },
    });
    if (stored !== null) this.#stored.push(stored);
    return stored;
  }

  async attack(): Promise<null> {
    return await Promise.resolve(null);
  }

  async exchange(): Promise<null> {
    return await Promise.resolve(null);
  }
}
