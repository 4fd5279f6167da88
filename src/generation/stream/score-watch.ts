// Watches a score that grows with the answer. Law: looked at only where the answer has certain lengths, whatever pieces it came
// in; a flag is believed only twice in a row, since the beginning of an answer says little; where it stands is told at every look;
// a failure is told at once, and once.
import type { SoundFollower } from "../../guardrail/sound-follower.ts";
import type { Verdict } from "../../guardrail/verdict.ts";

const FIRST_LOOK_UNITS = 400;
const GROWTH = 1.5;

export class ScoreWatch {
  readonly #stopping: readonly SoundFollower[];
  readonly #followers: readonly SoundFollower[];
  readonly #looked: (verdicts: readonly Verdict[]) => void;
  readonly #failed = new Set<SoundFollower>();
  #length = 0;
  #nextLook = FIRST_LOOK_UNITS;
  #flaggedBefore = new Set<string>();

  /**
   * @param stopping those whose flags stop the answer
   * @param noted those that are only looked at
   * @param looked is told what all of them say at each look
   */
  constructor(
    stopping: readonly SoundFollower[],
    noted: readonly SoundFollower[] = [],
    looked: (verdicts: readonly Verdict[]) => void = () => undefined,
  ) {
    this.#stopping = stopping;
    this.#followers = [...stopping, ...noted];
    this.#looked = looked;
  }

  /** The verdict that two looks in a row agree on, once there is one; or an error. */
  push(text: string, location: string): Verdict | null {
    if (this.#followers.length === 0) return null;
    let said: Verdict | null = null;
    let rest = text;
    while (this.#length + rest.length >= this.#nextLook) {
      const untilLook = this.#nextLook - this.#length;
      this.#append(rest.slice(0, untilLook), location);
      rest = rest.slice(untilLook);
      this.#nextLook = Math.ceil(this.#nextLook * GROWTH);
      said ??= this.#look();
    }
    this.#append(rest, location);
    return said ?? this.#newFailure();
  }

  #append(text: string, location: string): void {
    this.#length += text.length;
    for (const follower of this.#followers) follower.push(text, location);
  }

  #look(): Verdict | null {
    const verdicts = this.#followers.map((follower) => follower.verdict());
    this.#looked(verdicts);
    const flagged = verdicts.slice(0, this.#stopping.length).filter(({ status }) => status === "flag");
    const agreed = flagged.find(({ guardrail }) => this.#flaggedBefore.has(guardrail));
    this.#flaggedBefore = new Set(flagged.map(({ guardrail }) => guardrail));
    return agreed ?? null;
  }

  #newFailure(): Verdict | null {
    const follower = this.#followers.find((each) => each.failure() !== null && !this.#failed.has(each));
    if (follower === undefined) return null;
    this.#failed.add(follower);
    this.#looked(this.#followers.map((each) => each.verdict()));
    return follower.failure();
  }
}
