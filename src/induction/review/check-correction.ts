// Whether a reviewer's correction may ever be trained on. Law: redacted first, then checked by every fast guardrail of the project's
// policy; what one of them flags, or fails on, is refused.
import { conversationTexts } from "../../generation/exchange-of.ts";
import { flaggedCategories } from "../../guardrail/flagged-categories.ts";
import { runFastGuardrails, type GuardrailSet } from "../../guardrail/run-guardrails.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import { redactedText } from "../../mistake/redaction.ts";
import { invalidRequest, type Problem } from "../../problem.ts";
import type { ChatMessage } from "../../wire/chat-completion.ts";

export function checkCorrection(
  correction: string,
  messages: readonly ChatMessage[],
  { fast }: GuardrailSet,
): Result<string, Problem> {
  const text = redactedText(correction);
  const answer = [{ role: "assistant" as const, text, location: "content" }];
  const verdicts = runFastGuardrails(
    fast,
    { conversation: conversationTexts(messages), answer, guidance: [] },
    "output",
  );
  const failed = verdicts.find(({ status }) => status === "error");
  if (failed !== undefined) {
    return err(invalidRequest(`The guardrail ${failed.guardrail} could not check the correction.`, "correction"));
  }
  const categories = flaggedCategories(verdicts);
  if (categories.length === 0) return ok(text);
  const message = `The guardrails flag the correction as ${categories.join(", ")}, so it can't be trained on: write another.`;
  return err(invalidRequest(message, "correction", "correction_flagged"));
}
