// A corrected answer, before it is stored. Law: redacted; what any guardrail flags, or could not check, is told with its verdicts
// and becomes nobody's target.
import type { ComparedExchange, Outcome } from "../../generation/compare-policies.ts";
import { letsPass } from "../../guardrail/decide.ts";
import type { GivenCorrection } from "../../mistake/feedback.ts";
import { redactExchange } from "../../mistake/redact-exchange.ts";
import type { ChatMessage } from "../../wire/chat-completion.ts";

export type CheckExchange = (exchange: ComparedExchange) => Promise<Outcome>;

export async function checkCorrection(
  check: CheckExchange,
  messages: readonly ChatMessage[],
  text: string,
): Promise<GivenCorrection> {
  const answer = { role: "assistant", content: text };
  const { output, verdicts } = await check({ messages, answer });
  const own = verdicts.filter(({ side }) => side === "output");
  const isClean = output !== null && letsPass(output) && own.every(({ status }) => !["flag", "error"].includes(status));
  const stored = redactExchange([], answer, own);
  // Verdicts that found nothing say nothing.
  const told = stored.verdicts.filter(({ status }) => status === "flag" || status === "error");
  return { text: stored.answer.content ?? "", isClean, verdicts: told };
}
