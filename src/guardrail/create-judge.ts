// From a judge of the policy to its guardrail: the one place that knows all types. Law: what can't be made is refused with its key.
import type { RandomBytes } from "../lib/ids.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Judge } from "../policy/judge-policy.ts";
import type { SlowGuardrail } from "./guardrail.ts";
import { createHttpGuardrail } from "./judges/http/http-guardrail.ts";
import { createLlamaGuardGuardrail } from "./judges/llama-guard/llama-guard-guardrail.ts";
import { createOpenAIModerationGuardrail } from "./judges/openai-moderation/openai-moderation-guardrail.ts";
import { createQwen3GuardGuardrail } from "./judges/qwen3guard/qwen3guard-guardrail.ts";
import { createWrittenPolicyGuardrail } from "./judges/written-policy/written-policy-guardrail.ts";
import { createSelfCheckGuardrail } from "./self-check/self-check-guardrail.ts";
import { createSelfContradictionGuardrail } from "./self-contradiction/self-contradiction-guardrail.ts";

/** Which key of the judge is wrong, and why. */
export interface JudgeFault {
  readonly key: string;
  readonly message: string;
}

/** It asks the deployed model. */
const NO_UPSTREAM: JudgeFault = { key: "upstream", message: "is not known to this type of judge" };

/** It becomes part of a path that is asked with the operator's key, and a header may name it: no way out of that path. */
const MODEL_PATH = /^@?\w[\w.-]*(?:\/\w[\w.:-]*)*$/;

function createWrittenPolicy(
  judge: Extract<Judge, { type: "written_policy" }>,
  randomBytes: RandomBytes,
): SlowGuardrail {
  const { id, sides, upstream, model, instructions, definitions, violates, safe, examples, categories } = judge;
  return createWrittenPolicyGuardrail({
    ...{ id, sides, upstream, model, randomBytes },
    policy: { instructions, definitions, violates, safe, examples, categories },
    minimumConfidence: judge.minimum_confidence,
    maxAnswerTokens: judge.max_answer_tokens,
  });
}

/** @param thresholds of the policy, by category: they go before a judge's own */
export function createJudge(
  judge: Judge,
  randomBytes: RandomBytes,
  thresholds: Readonly<Record<string, number>> = {},
): Result<SlowGuardrail, JudgeFault> {
  const { id, sides, model } = judge;
  switch (judge.type) {
    case "self_check":
      if (judge.upstream !== null) return err(NO_UPSTREAM);
      return ok(createSelfCheckGuardrail({ id, sides, model, randomBytes }));
    case "self_contradiction":
      if (judge.upstream !== null) return err(NO_UPSTREAM);
      return ok(createSelfContradictionGuardrail({ id, model, answers: judge.answers, randomBytes }));
    case "written_policy":
      return ok(createWrittenPolicy(judge, randomBytes));
    case "llama_guard":
      if (judge.format === "workers_ai" && model !== null && !MODEL_PATH.test(model)) {
        return err({ key: "model", message: "is no name of a model at Workers AI" });
      }
      return ok(createLlamaGuardGuardrail({ id, sides, model, upstream: judge.upstream, format: judge.format }));
    case "qwen3guard": {
      const { upstream, format, controversial } = judge;
      return ok(createQwen3GuardGuardrail({ id, sides, model, upstream, format, controversial }));
    }
    case "openai_moderation": {
      const both = { labels: judge.thresholds, categories: thresholds };
      return ok(createOpenAIModerationGuardrail({ id, sides, model, upstream: judge.upstream, thresholds: both }));
    }
    case "http":
      return ok(createHttpGuardrail({ id, sides, upstream: judge.upstream, labels: judge.labels }));
  }
}
