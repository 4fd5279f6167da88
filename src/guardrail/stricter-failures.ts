// What a request makes of failing guardrails. Law: what failed closed before fails closed still.
import { err, ok, type Result } from "../lib/result.ts";
import type { PolicyFault } from "../policy/policy-faults.ts";
import type { Policy } from "../policy/policy.ts";

type Failures = Policy["on_guardrail_error"];

function failureOf(failures: Failures, category: string): "closed" | "open" {
  if (typeof failures === "string") return failures;
  return failures[category] ?? failures["default"] ?? "closed";
}

function categoriesOf(failures: Failures): readonly string[] {
  return typeof failures === "string" ? [] : Object.keys(failures);
}

export function stricterFailures(before: Failures, asked: Failures): Result<Failures, readonly PolicyFault[]> {
  const categories = new Set(["default", ...categoriesOf(before), ...categoriesOf(asked)]);
  const loosened = [...categories].filter(
    (category) => failureOf(before, category) === "closed" && failureOf(asked, category) === "open",
  );
  if (loosened.length === 0) return ok(asked);
  return err(
    loosened.map((category) => ({
      path: typeof asked === "string" ? "" : category,
      message: "would fail open: a header can only make the policy stricter",
    })),
  );
}
