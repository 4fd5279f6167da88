// What the judges of one request may take together. Law: counted before a check begins; when it is used up, a check is an error,
// never a pass, so that the policy says what becomes of the text.
import type { Policy } from "../policy/policy.ts";

export class JudgeBudget {
  #checks: number;
  #milliseconds: number;

  constructor({ checks, milliseconds }: Policy["judge_budget"]) {
    this.#checks = checks;
    this.#milliseconds = milliseconds;
  }

  /** Takes one check. How long it may last at most; null where nothing is left. */
  take(): number | null {
    if (this.#checks <= 0 || this.#milliseconds <= 0) return null;
    this.#checks -= 1;
    return this.#milliseconds;
  }

  /** How long a check lasted. */
  spend(milliseconds: number): void {
    this.#milliseconds -= milliseconds;
  }
}
