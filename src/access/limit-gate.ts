// Whether a key may make one more request: its request rate first, then its budgets of the day. Law: limits are no
// guardrails — where a counter or the database can't be asked, the request passes, and that is counted and logged.
import type { Clock } from "../lib/clock.ts";
import { within } from "../lib/deadline.ts";
import { errorMessage } from "../lib/error-message.ts";
import type { Logger } from "../lib/logger.ts";
import { nextDayStart, secondsToNextMinute } from "../lib/utc-day.ts";
import type { Problem } from "../problem.ts";
import type { Key } from "./key.ts";
import { effectiveLimits, type KeyLimits } from "./key-limits.ts";
import { ROOT_KEY } from "./key-ring.ts";
import type { RequestRates } from "./request-rates.ts";
import type { SpentToday } from "./spent-today.ts";
import type { UsageMeter } from "./usage-meter.ts";

/** A limit that takes longer than this to look up is one that can't be looked up. */
const LOOK_UP_MILLISECONDS = 2_000;
/** Outages are counted each time, and logged so often an isolate. */
const LOG_MILLISECONDS = 10_000;

export interface LimitGateDependencies {
  readonly defaults: KeyLimits;
  readonly rates: RequestRates;
  readonly spentToday: Pick<SpentToday, "of">;
  readonly meter: UsageMeter;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class LimitGate {
  readonly #dependencies: LimitGateDependencies;
  #loggedAt = -Infinity;

  constructor(dependencies: LimitGateDependencies) {
    this.#dependencies = dependencies;
  }

  /** Why not, or null. The operator's own key has no limits, so that nobody can lock the operator out. */
  async refusal(key: Key): Promise<Problem | null> {
    if (key.id === ROOT_KEY.id) return null;
    const limits = effectiveLimits(key.limits, this.#dependencies.defaults);
    return (await this.#overRate(key, limits)) ?? (await this.#overBudget(key, limits));
  }

  async #overRate(key: Key, { requestsPerMinute }: KeyLimits): Promise<Problem | null> {
    if (requestsPerMinute === null) return null;
    const { rates, clock } = this.#dependencies;
    try {
      if (await within(LOOK_UP_MILLISECONDS, rates.allow(key.id, requestsPerMinute))) return null;
    } catch (caught) {
      this.#passWithout("requests_per_minute", key, caught);
      return null;
    }
    this.#count(key, "rate_limited");
    return rateLimited(requestsPerMinute, secondsToNextMinute(clock()));
  }

  async #overBudget(key: Key, { tokensPerDay, microDollarsPerDay }: KeyLimits): Promise<Problem | null> {
    if (tokensPerDay === null && microDollarsPerDay === null) return null;
    const { spentToday, clock } = this.#dependencies;
    try {
      const spent = await within(LOOK_UP_MILLISECONDS, spentToday.of({ projectId: key.projectId, keyId: key.id }));
      const over = overBudget(spent, tokensPerDay, microDollarsPerDay);
      if (over === null) return null;
      this.#count(key, "budget_exceeded");
      return budgetExceeded(over, nextDayStart(clock()));
    } catch (caught) {
      this.#passWithout("budgets", key, caught);
      return null;
    }
  }

  #count(key: Key, outcome: "rate_limited" | "budget_exceeded" | "limits_unavailable"): void {
    this.#dependencies.meter.count({ projectId: key.projectId, keyId: key.id, outcome });
  }

  #passWithout(limit: string, key: Key, caught: unknown): void {
    const { clock, logger } = this.#dependencies;
    this.#count(key, "limits_unavailable");
    if (clock() - this.#loggedAt < LOG_MILLISECONDS) return;
    this.#loggedAt = clock();
    logger.error("limits_unavailable", { limit, key: key.id, reason: errorMessage(caught) });
  }
}

type Budget = "tokens_per_day" | "dollars_per_day";

/** A budget is spent once its sum is reached: what a request will cost is known only afterwards. */
function overBudget(
  spent: { readonly tokens: number; readonly microDollars: number },
  tokens: number | null,
  microDollars: number | null,
): Budget | null {
  if (tokens !== null && spent.tokens >= tokens) return "tokens_per_day";
  if (microDollars !== null && spent.microDollars >= microDollars) return "dollars_per_day";
  return null;
}

/** OpenAI's shape; its clients wait as long as `retry-after` says and try again. */
function rateLimited(requestsPerMinute: number, retryAfterSeconds: number): Problem {
  return {
    status: 429,
    type: "rate_limit_error",
    code: "rate_limit_exceeded",
    message: `This key may make ${requestsPerMinute} requests a minute. Try again in ${retryAfterSeconds} s.`,
    param: null,
    headers: { "retry-after": String(retryAfterSeconds) },
  };
}

/** `x-should-retry: false` keeps OpenAI's clients from trying again what can't work before tomorrow. */
function budgetExceeded(budget: Budget, resetsAt: number): Problem {
  const when = new Date(resetsAt).toISOString();
  return {
    status: 429,
    type: "insufficient_quota",
    code: "insufficient_quota",
    message: `This key's budget ${budget} is spent. It begins anew at ${when}.`,
    param: null,
    details: { budget, resets_at: Math.floor(resetsAt / 1000) },
    headers: { "x-should-retry": "false" },
  };
}
