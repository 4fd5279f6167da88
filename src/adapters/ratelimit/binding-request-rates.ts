// Request rates through the platform's rate limiting bindings, one for each rate. Law: a rate without a binding throws, since
// nobody counts it.
import type { RequestRates } from "../../access/request-rates.ts";
import type { Env } from "../env.ts";

export class BindingRequestRates implements RequestRates {
  readonly #bindings: Readonly<Record<number, RateLimit | undefined>>;

  constructor(env: Env) {
    this.#bindings = {
      10: env.RATE_LIMIT_10,
      30: env.RATE_LIMIT_30,
      100: env.RATE_LIMIT_100,
      300: env.RATE_LIMIT_300,
      1000: env.RATE_LIMIT_1000,
      3000: env.RATE_LIMIT_3000,
    };
  }

  async allow(keyId: string, requestsPerMinute: number): Promise<boolean> {
    const binding = this.#bindings[requestsPerMinute];
    if (binding === undefined) throw new Error(`there is no binding RATE_LIMIT_${requestsPerMinute}`);
    return (await binding.limit({ key: keyId })).success;
  }
}
