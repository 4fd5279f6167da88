// What the deployed model answers to an input that was blocked, once it is allowed. Law: it passes every guardrail but what the
// overrule allows; nothing of it is captured, and an answer that was withheld, refused or cut off is no correction.
import type { Caller } from "../../generation/capture-choice.ts";
import { completeGuarded, type CompletionDependencies } from "../../generation/guarded-completion.ts";
import type { Capture } from "../../mistake/capture.ts";
import { answerText } from "../../mistake/exchange-text.ts";
import { redactedText } from "../../mistake/redaction.ts";
import { soundName } from "../../mistake/sound-name.ts";
import type { ChatMessage } from "../../wire/chat-completion.ts";
import { type Correction, MOST_CORRECTION_CHARACTERS } from "./over-refusal.ts";

const NOTHING_CAPTURED: Capture = {
  mistake: async () => await Promise.resolve(null),
  attack: async () => await Promise.resolve(null),
  exchange: async () => await Promise.resolve(null),
};

/** @param dependencies with the policy's guardrails as the overrule leaves them */
export async function askCorrection(
  dependencies: CompletionDependencies,
  { messages, model }: { readonly messages: readonly ChatMessage[]; readonly model: string | undefined },
  caller: Caller,
  signal: AbortSignal,
): Promise<Correction> {
  const request = { messages: [...messages], ...(model === undefined ? {} : { model }) };
  const completed = await completeGuarded({ ...dependencies, capture: NOTHING_CAPTURED }, request, caller, signal);
  if (!completed.ok) {
    dependencies.logger.error("correction_failed", { code: completed.error.code, request_id: caller.requestId });
    return { text: null, model: soundName(model ?? "") };
  }
  const [choice] = completed.value.choices;
  const isWhole = choice !== undefined && (choice.finish_reason ?? "stop") === "stop" && !choice.message.refusal;
  const text = isWhole ? redactedText(answerText(choice.message)) : "";
  const isUsable = text !== "" && text.length <= MOST_CORRECTION_CHARACTERS;
  return {
    text: isUsable ? text : null,
    model: soundName(completed.value.model),
  };
}
