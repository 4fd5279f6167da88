// A key's limits on the wire. Law: a request rate is one that the platform enforces as it stands (docs/decisions/limits.md).
import { z } from "zod";

/** Requests a minute. Each has a binding `RATE_LIMIT_…` in wrangler.toml, since a binding's limit is fixed there. */
export const REQUEST_RATES = [10, 30, 100, 300, 1000, 3000] as const;

export const requestRateSchema = z.union(
  REQUEST_RATES.map((rate) => z.literal(rate)),
  {
    error: `must be one of ${REQUEST_RATES.join(", ")}`,
  },
);

export const tokensPerDaySchema = z.int().min(1).max(1_000_000_000_000);
export const dollarsPerDaySchema = z.number().min(0.000001).max(1_000_000);

export const keyLimitsSchema = z
  .strictObject({
    requests_per_minute: requestRateSchema.optional(),
    tokens_per_day: tokensPerDaySchema.optional().meta({ description: "Of prompts and answers, each UTC day." }),
    dollars_per_day: dollarsPerDaySchema.optional().meta({ description: "By SETBACK_PRICES, each UTC day." }),
  })
  .meta({ id: "KeyLimits", description: "What is left out has the gateway's default." });

/** The limits that count: the key's own, else the gateway's; null is none. */
export const shownLimitsSchema = z.object({
  requests_per_minute: z.int().nullable(),
  tokens_per_day: z.int().nullable(),
  dollars_per_day: z.number().nullable(),
});
