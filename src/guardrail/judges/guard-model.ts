// What guard models have in common: a conversation in pieces, sent as it is or inside the model's own prompt. Law: the prompt is applied
// once; how an answer is read is each model's own.
import type { Result } from "../../lib/result.ts";
import { labelledCategories, type LabelVendor } from "../../policy/category-labels.ts";
import type { ChatMessage } from "../../wire/chat-completion.ts";
import type { GuardrailCall, SlowGuardrail } from "../guardrail.ts";
import type { Side } from "../verdict.ts";
import { type GuardConversation, guardConversations } from "./guard-conversation.ts";
import { judgeInPieces, type Judgement } from "./judge-in-pieces.ts";

interface GuardModel extends Pick<SlowGuardrail, "id" | "version" | "sides"> {
  readonly vendor: LabelVendor;
  readonly ask: (
    conversation: GuardConversation,
    side: Side,
    call: GuardrailCall,
  ) => Promise<Result<Judgement, string>>;
}

/** The turns, for a server that applies the model's template itself. */
export function messagesOf({ turns }: GuardConversation): ChatMessage[] {
  return turns.map(({ role, text }) => ({ role, content: text }));
}

export function createGuardModel({ id, version, sides, vendor, ask }: GuardModel): SlowGuardrail {
  const identity = { id, version };
  return {
    ...identity,
    sides,
    categories: labelledCategories(vendor),
    async check(exchange, side, call) {
      const { pieces, length } = guardConversations(exchange, side);
      const { signal } = call;
      return await judgeInPieces({
        ...{ identity, side, length, pieces, signal },
        ask: async (piece) => await ask(piece, side, call),
      });
    },
  };
}
