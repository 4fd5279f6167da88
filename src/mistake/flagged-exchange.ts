// What a mistake and an attack have in common: a stored exchange that one side's guardrails flagged. Law: an attack has no answer.
import type { Side, Verdict } from "../guardrail/verdict.ts";
import type { Action } from "../policy/policy.ts";
import type { ChatMessage, CompletionMessage } from "../wire/chat-completion.ts";
import type { MistakeStore } from "./mistake-store.ts";
import type { Attack, Mistake } from "./mistake.ts";

export interface FlaggedExchange {
  readonly id: string;
  /** the side that was acted on: `output` of a mistake, `input` of an attack */
  readonly side: Side;
  readonly action: Action;
  readonly verdicts: readonly Verdict[];
  readonly messages: readonly ChatMessage[];
  readonly answer: CompletionMessage | null;
  readonly policyVersion: string;
  readonly keyId: string | null;
  readonly requestId: string;
  readonly createdAt: number;
}

export type Found =
  | { readonly kind: "mistake"; readonly mistake: Mistake; readonly flagged: FlaggedExchange }
  | { readonly kind: "attack"; readonly attack: Attack; readonly flagged: FlaggedExchange };

export function flaggedMistake(mistake: Mistake): FlaggedExchange {
  const { id, action, verdicts, exchange, provenance, createdAt } = mistake;
  const { policyVersion, keyId, requestId } = provenance;
  return { id, side: "output", action, verdicts, ...exchange, policyVersion, keyId, requestId, createdAt };
}

export function flaggedAttack(attack: Attack): FlaggedExchange {
  const { id, action, verdicts, messages, policyVersion, keyId, requestId, createdAt } = attack;
  return { id, side: "input", action, verdicts, messages, answer: null, policyVersion, keyId, requestId, createdAt };
}

/** By the id that a client was told: of a mistake or of an attack. */
export async function findFlagged(
  store: Pick<MistakeStore, "get" | "getAttack">,
  projectId: string,
  id: string,
): Promise<Found | null> {
  const found = await store.get(projectId, id);
  if (found !== null) return { kind: "mistake", mistake: found.mistake, flagged: flaggedMistake(found.mistake) };
  const attack = await store.getAttack(projectId, id);
  return attack === null ? null : { kind: "attack", attack, flagged: flaggedAttack(attack) };
}
