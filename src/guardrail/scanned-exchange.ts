// The exchange as input guardrails get it: texts of the roles that the policy scans. Law: an answer's guardrails always get all of
// it, since what it may not repeat stands in the others' texts.
import type { Policy } from "../policy/policy.ts";
import type { Exchange } from "./exchange.ts";

/** The same exchange where every role in it is scanned. */
export function scannedExchange(exchange: Exchange, { scan_roles: roles }: Policy): Exchange {
  const { conversation } = exchange;
  if (conversation.every(({ role }) => roles.includes(role))) return exchange;
  return { ...exchange, conversation: conversation.filter(({ role }) => roles.includes(role)) };
}
