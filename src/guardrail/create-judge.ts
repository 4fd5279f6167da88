// From a judge of the policy to its guardrail: the one place that knows all types. Law: what can't be made is refused with its key.
import type { RandomBytes } from "../lib/ids.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Judge } from "../policy/judge-policy.ts";
import type { SlowGuardrail } from "./guardrail.ts";
import { createSelfCheckGuardrail } from "./self-check/self-check-guardrail.ts";

/** Which key of the judge is wrong, and why. */
export interface JudgeFault {
  readonly key: string;
  readonly message: string;
}

export function createJudge(judge: Judge, randomBytes: RandomBytes): Result<SlowGuardrail, JudgeFault> {
  const { id, sides, upstream, model } = judge;
  if (upstream !== null) return err({ key: "upstream", message: "is not known to this type of judge" });
  switch (judge.type) {
    case "self_check":
      return ok(createSelfCheckGuardrail({ id, sides, model, randomBytes }));
  }
}
