// Watches a score that grows with the answer. Law: looked at only where the answer has certain lengths, whatever pieces it came
// in, and believed only twice in a row, since the beginning of an answer says little.
import type { Follower } from "../../guardrail/guardrail.ts";
import type { Verdict } from "../../guardrail/verdict.ts";

const FIRST_LOOK_UNITS = 400;
const GROWTH = 1.5;

export class ScoreWatch {
  readonly #followers: readonly Follower[];
  #length = 0;
  #nextLook = FIRST_LOOK_UNITS;
  #flaggedBefore = new Set<string>();

  constructor(followers: readonly Follower[]) {
    this.#followers = followers;
  }

  /** The verdict that two looks in a row agree on, once there is one. */
  push(text: string, location: string): Verdict | null {
    if (this.#followers.length === 0) return null;
    let rest = text;
    while (this.#length + rest.length >= this.#nextLook) {
      const untilLook = this.#nextLook - this.#length;
      this.#append(rest.slice(0, untilLook), location);
      rest = rest.slice(untilLook);
      this.#nextLook = Math.ceil(this.#nextLook * GROWTH);
      const agreed = this.#look();
      if (agreed !== null) return agreed;
    }
    this.#append(rest, location);
    return null;
  }

  #append(text: string, location: string): void {
    this.#length += text.length;
    for (const follower of this.#followers) follower.push(text, location);
  }

  #look(): Verdict | null {
    const flagged = this.#followers.map((follower) => follower.verdict()).filter(({ status }) => status === "flag");
    const agreed = flagged.find(({ guardrail }) => this.#flaggedBefore.has(guardrail));
    this.#flaggedBefore = new Set(flagged.map(({ guardrail }) => guardrail));
    return agreed ?? null;
  }
}
