// What a key may use: requests a minute, tokens and money a day. Law: a day is a UTC day; null is «no limit of its own».

export interface KeyLimits {
  readonly requestsPerMinute: number | null;
  readonly tokensPerDay: number | null;
  /** money is kept in millionths of a dollar, as whole numbers */
  readonly microDollarsPerDay: number | null;
}

export const NO_LIMITS: KeyLimits = { requestsPerMinute: null, tokensPerDay: null, microDollarsPerDay: null };

/** The key's own limits, and the gateway's defaults where it has none. */
export function effectiveLimits(own: KeyLimits, defaults: KeyLimits): KeyLimits {
  return {
    requestsPerMinute: own.requestsPerMinute ?? defaults.requestsPerMinute,
    tokensPerDay: own.tokensPerDay ?? defaults.tokensPerDay,
    microDollarsPerDay: own.microDollarsPerDay ?? defaults.microDollarsPerDay,
  };
}
