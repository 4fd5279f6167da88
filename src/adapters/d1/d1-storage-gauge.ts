// How full D1 is, as every answer of it says: `meta.size_after`, in bytes (developers.cloudflare.com/d1/worker-api/return-object).
import type { Clock } from "../../lib/clock.ts";
import type { StorageGauge } from "../../mistake/storage-gauge.ts";

/** At 5,000 mistakes of 7 KB a second, 2 GB; at a busy 100 a second, 42 MB of the 1 GB that is left. */
const KNOWN_MILLISECONDS = 60_000;

export class D1StorageGauge implements StorageGauge {
  readonly #binding: D1Database;
  readonly #limitBytes: number;
  readonly #clock: Clock;
  #known: { readonly share: number; readonly at: number } | null = null;

  constructor(binding: D1Database, limitBytes: number, clock: Clock) {
    this.#binding = binding;
    this.#limitBytes = limitBytes;
    this.#clock = clock;
  }

  async fullShare(): Promise<number> {
    const known = this.#known;
    if (known !== null && this.#clock() - known.at < KNOWN_MILLISECONDS) return known.share;
    const { meta } = await this.#binding.prepare("SELECT 1").run();
    const share = meta.size_after / this.#limitBytes;
    this.#known = { share, at: this.#clock() };
    return share;
  }
}
