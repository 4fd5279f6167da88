// The answer that feedback is about: kept for the feedback window, or a mistake already, or sent with the feedback.
// Law: in the caller's own project; nothing is guessed where a name fits two answers.
import type { Clock } from "../../lib/clock.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import { subjectOf, subjectOfExchange } from "../../mistake/feedback-subject.ts";
import type { KeptExchangeStore } from "../../mistake/kept-exchange-store.ts";
import type { KeptExchange } from "../../mistake/kept-exchange.ts";
import type { MistakeStore } from "../../mistake/mistake-store.ts";
import type { Mistake } from "../../mistake/mistake.ts";
import { redactExchange } from "../../mistake/redact-exchange.ts";
import type { Policy } from "../../policy/policy.ts";
import { conflict, notFound, type Problem } from "../../problem.ts";
import type { ChatMessage, CompletionMessage } from "../../wire/chat-completion.ts";

/** As the client sent it. */
export interface GivenExchange {
  readonly messages: readonly ChatMessage[];
  readonly answer: CompletionMessage;
  /** empty where the client does not say */
  readonly model: string;
}

export type About =
  | { readonly kind: "completion"; readonly completionId: string; readonly choice: number }
  | { readonly kind: "mistake"; readonly id: string }
  | { readonly kind: "exchange"; readonly exchange: GivenExchange; readonly mayBeStored: boolean };

export type FoundAnswer = { readonly subject: string } & (
  | { readonly kind: "mistake"; readonly mistake: Mistake }
  | { readonly kind: "kept"; readonly kept: KeptExchange }
  | { readonly kind: "given"; readonly given: GivenExchange }
);

export interface FindingAnswers {
  readonly mistakes: Pick<MistakeStore, "get" | "idsOfCompletion">;
  readonly keptExchanges: Pick<KeptExchangeStore, "findKept">;
  readonly clock: Clock;
}

const notStorable: Problem = {
  status: 403,
  type: "permission_error",
  code: "no_consent",
  message:
    'Nothing may be stored of this exchange: the policy has "store": false, or its consent asks for "store": true.',
  param: "store",
};

function unknownCompletion(completionId: string, { feedback }: Policy): Problem {
  const isKept = feedback.window_hours > 0;
  const why = isKept
    ? `The policy keeps answers for ${feedback.window_hours} hours, and only where the request's consent allows it; a new one is known after some seconds.`
    : 'The policy keeps nothing of answers that passed: give it "feedback": {"window_hours": 24}.';
  return {
    ...notFound("completion", completionId),
    message: `No answer is known by the completion id "${completionId}". ${why} Or send the exchange itself: "messages" and "answer".`,
    param: "completion_id",
    code: "unknown_completion",
  };
}

function foundMistake(mistake: Mistake): FoundAnswer {
  return { kind: "mistake", subject: subjectOf(mistake.id), mistake };
}

async function ofCompletion(
  { mistakes, keptExchanges, clock }: FindingAnswers,
  projectId: string,
  { completionId, choice }: Extract<About, { kind: "completion" }>,
  policy: Policy,
): Promise<Result<FoundAnswer, Problem>> {
  // First what passed: an answer that was asked for again has its first, flagged form among the mistakes.
  const kept = await keptExchanges.findKept(projectId, { completionId, choice }, clock());
  if (kept !== null) return ok({ kind: "kept", subject: subjectOf(kept.id), kept });
  const [only, other] = await mistakes.idsOfCompletion(projectId, completionId, 2);
  if (other !== undefined) {
    return err(conflict("Several mistakes have this completion id: name one by its mistake_id."));
  }
  const found = only === undefined ? null : await mistakes.get(projectId, only);
  return found === null ? err(unknownCompletion(completionId, policy)) : ok(foundMistake(found.mistake));
}

export async function findAnswer(
  finding: FindingAnswers,
  projectId: string,
  about: About,
  policy: Policy,
): Promise<Result<FoundAnswer, Problem>> {
  if (about.kind === "completion") return await ofCompletion(finding, projectId, about, policy);
  if (about.kind === "mistake") {
    const found = await finding.mistakes.get(projectId, about.id);
    return found === null ? err(notFound("mistake", about.id)) : ok(foundMistake(found.mistake));
  }
  if (!about.mayBeStored) return err(notStorable);
  const { exchange: given } = about;
  const subject = await subjectOfExchange(redactExchange(given.messages, given.answer, []));
  return ok({ kind: "given", subject, given });
}
