// Port: counts requests against a rate. Law: counters are the platform's, per location and roughly right
// (developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/#locality).

export interface RequestRates {
  /** Whether one more request of this key stays within so many a minute. It throws when the counter can't be asked. */
  allow(keyId: string, requestsPerMinute: number): Promise<boolean>;
}
