// A key's limits between the wire's dollars and our micro-dollars.
import type { z } from "zod";
import type { KeyLimits } from "../access/key-limits.ts";
import type { keyLimitsSchema, shownLimitsSchema } from "../wire/key-limits.ts";

const MICRO_DOLLARS = 1_000_000;

export function keyLimitsOf(wire: z.infer<typeof keyLimitsSchema> = {}): KeyLimits {
  const { requests_per_minute: requestsPerMinute, tokens_per_day: tokensPerDay, dollars_per_day: dollars } = wire;
  return {
    requestsPerMinute: requestsPerMinute ?? null,
    tokensPerDay: tokensPerDay ?? null,
    microDollarsPerDay: dollars === undefined ? null : Math.round(dollars * MICRO_DOLLARS),
  };
}

export function keyLimitsToWire(limits: KeyLimits): z.infer<typeof shownLimitsSchema> {
  const { requestsPerMinute, tokensPerDay, microDollarsPerDay } = limits;
  return {
    requests_per_minute: requestsPerMinute,
    tokens_per_day: tokensPerDay,
    dollars_per_day: microDollarsPerDay === null ? null : microDollarsPerDay / MICRO_DOLLARS,
  };
}
