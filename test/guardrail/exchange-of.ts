// Makes exchanges for tests of guardrails. Law: says nothing that the test does not say.
import type { Exchange, Role } from "../../src/guardrail/exchange.ts";

export function conversationOf(...turns: readonly (readonly [role: Role, text: string])[]): Exchange {
  const conversation = turns.map(([role, text], place) => ({ role, text, location: `messages[${place}].content` }));
  return { conversation, answer: [], guidance: [] };
}

export function answering(text: string, before: Exchange = conversationOf(), location = "content"): Exchange {
  return { ...before, answer: [{ role: "assistant", text, location }] };
}
