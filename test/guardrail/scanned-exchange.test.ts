// Whose texts are checked as an input.
import { expect, it } from "vitest";
import { scannedExchange } from "../../src/guardrail/scanned-exchange.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";
import { conversationOf } from "./exchange-of.ts";

const EXCHANGE = conversationOf(
  ["system", "Sell lamps."],
  ["user", "Hi."],
  ["tool", "12 lamps"],
  ["assistant", "Yes?"],
);

it("is the same exchange where every role is scanned", () => {
  expect(scannedExchange(EXCHANGE, DEFAULT_POLICY)).toBe(EXCHANGE);
});

it("has the texts of the roles that are scanned, in their places", () => {
  const { conversation } = scannedExchange(EXCHANGE, { ...DEFAULT_POLICY, scan_roles: ["user", "tool"] });
  expect(conversation.map(({ location }) => location)).toEqual(["messages[1].content", "messages[2].content"]);
});
