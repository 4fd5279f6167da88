// Which candidates serve a project, known for 30 s at most. Law: while nothing can be known, the project's own models serve — a
// candidate never does because a lookup failed; what was known a moment ago stays for as long as the store is away.
import type { Clock } from "../../lib/clock.ts";
import { errorMessage } from "../../lib/error-message.ts";
import { ExpiringCache } from "../../lib/expiring-cache.ts";
import type { Logger } from "../../lib/logger.ts";
import type { CandidatesInUse, CandidateStore } from "../../release/candidate-store.ts";

const KNOWN_MILLISECONDS = 30_000;
const STALE_MILLISECONDS = 10 * 60_000;
const RETRY_MILLISECONDS = 5_000;
const CAPACITY = 1_000;
const NONE: CandidatesInUse = { promoted: null, canary: null };

interface Known {
  readonly inUse: CandidatesInUse;
  readonly freshUntil: number;
}

export interface CandidateDirectoryOptions {
  readonly candidates: Pick<CandidateStore, "inUse">;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class CandidateDirectory {
  readonly #options: CandidateDirectoryOptions;
  readonly #known: ExpiringCache<Known>;

  constructor(options: CandidateDirectoryOptions) {
    this.#options = options;
    this.#known = new ExpiringCache(CAPACITY, options.clock);
  }

  async inUse(projectId: string): Promise<CandidatesInUse> {
    const { candidates, clock, logger } = this.#options;
    const known = this.#known.get(projectId);
    if (known !== undefined && clock() < known.freshUntil) return known.inUse;
    const keep = (inUse: CandidatesInUse, milliseconds: number): CandidatesInUse => {
      this.#known.set(projectId, { inUse, freshUntil: clock() + milliseconds }, STALE_MILLISECONDS);
      return inUse;
    };
    try {
      return keep(await candidates.inUse(projectId), KNOWN_MILLISECONDS);
    } catch (caught) {
      logger.error("candidates_unavailable", { project: projectId, reason: errorMessage(caught) });
      return keep(known?.inUse ?? NONE, RETRY_MILLISECONDS);
    }
  }

  /** At once in this isolate; elsewhere within 30 s. */
  forget(projectId: string): void {
    this.#known.delete(projectId);
  }
}
