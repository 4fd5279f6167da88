// A guardrail's running score, whatever the guardrail does. Law: it never throws; from its first failure on its verdict is that `error`,
// it is asked nothing more, and a flag without a finding is one too.
import { errorMessage } from "../lib/error-message.ts";
import type { Exchange } from "./exchange.ts";
import type { FastGuardrail, Follower } from "./guardrail.ts";
import { sound } from "./run-guardrails.ts";
import type { Verdict } from "./verdict.ts";
import { failed } from "./verdicts.ts";

export interface SoundFollower extends Follower {
  /** null until it fails */
  readonly failure: () => Verdict | null;
}

export function soundFollower(guardrail: FastGuardrail, exchange: Exchange): SoundFollower {
  let failure: Verdict | null = null;
  const broken = (caught: unknown): Verdict => (failure = failed(guardrail, "output", errorMessage(caught)));
  let follower: Follower | undefined;
  try {
    follower = guardrail.follow?.(exchange);
  } catch (caught) {
    broken(caught);
  }
  return {
    failure: () => failure,
    push: (text, location) => {
      if (failure !== null) return;
      try {
        follower?.push(text, location);
      } catch (caught) {
        broken(caught);
      }
    },
    verdict: () => {
      if (failure !== null) return failure;
      try {
        if (follower === undefined) throw new Error("it follows no answer");
        const verdict = sound(guardrail, "output", follower.verdict());
        if (verdict.status === "error") failure = verdict;
        return verdict;
      } catch (caught) {
        return broken(caught);
      }
    },
  };
}
