// Where adapters meet the ports of privacy: end users, erasures and their places, the access log. Law: every table and every
// prefix of objects that keeps a text of an end user is one of the places (docs/decisions/stored-privacy.md).
import { HmacEndUserIds } from "./access/end-user-ids.ts";
import { D1AccessLog } from "./adapters/d1/d1-access-log.ts";
import { D1ErasedExamples } from "./adapters/d1/d1-erased-examples.ts";
import { D1ErasureStore } from "./adapters/d1/d1-erasure-store.ts";
import { D1SubjectAttacks } from "./adapters/d1/d1-subject-attacks.ts";
import { D1SubjectCounts } from "./adapters/d1/d1-subject-counts.ts";
import { D1SubjectExchanges, D1SubjectFeedback } from "./adapters/d1/d1-subject-feedback.ts";
import { D1SubjectMistakes } from "./adapters/d1/d1-subject-mistakes.ts";
import type { Database } from "./adapters/d1/database.ts";
import { LATE_MILLISECONDS, type EraseDependencies } from "./finetuning/erasure/erase-subject.ts";
import { objectsPlace } from "./finetuning/erasure/objects-place.ts";
import { recordsPlace } from "./finetuning/erasure/records-place.ts";
import { examplesPlace, failedFilesPlace, heldPlace, oldFilesPlace } from "./finetuning/erasure/release-places.ts";
import { SPOOL_PREFIX } from "./induction/object-capture-sink.ts";
import { DEAD_LETTER_PREFIX } from "./induction/dead-letter.ts";
import type { Clock } from "./lib/clock.ts";
import type { MakeId } from "./lib/ids.ts";
import type { Logger } from "./lib/logger.ts";
import type { ObjectStore } from "./lib/object-store.ts";
import type { AppServices } from "./middleware/app-services.ts";
import type { ReleaseStore } from "./release/release-store.ts";

export interface PrivacyNeeds {
  /** newest first */
  readonly subjectKeys: readonly string[];
  readonly releases: Pick<ReleaseStore, "get">;
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly logger: Logger;
}

export function privacyServices(
  database: Database,
  { subjectKeys, releases, objects, clock, makeId, logger }: PrivacyNeeds,
): Pick<AppServices, "endUserIds" | "accessLog" | "erasing" | "erasedExamples"> {
  const endUserIds = new HmacEndUserIds(subjectKeys);
  const examples = new D1ErasedExamples(database);
  const rewriting = { releases, examples, objects, makeId, clock };
  const mistakes = new D1SubjectMistakes(database, () => clock() + LATE_MILLISECONDS);
  const erasing: EraseDependencies = {
    endUserIds,
    erasures: new D1ErasureStore(database),
    places: [
      recordsPlace("mistakes", mistakes, objects),
      recordsPlace("attacks", new D1SubjectAttacks(database), objects),
      recordsPlace("kept_exchanges", new D1SubjectExchanges(database), objects),
      recordsPlace("feedback", new D1SubjectFeedback(database), objects),
      recordsPlace("capture_counts", new D1SubjectCounts(database), objects),
      objectsPlace("spool", SPOOL_PREFIX, objects),
      objectsPlace("dead_letters", DEAD_LETTER_PREFIX, objects),
      // Behind the mistakes, since a release is found by what is gone.
      ...[heldPlace(rewriting), examplesPlace(rewriting), oldFilesPlace(rewriting), failedFilesPlace(rewriting)],
    ],
    clock,
    makeId,
    logger,
  };
  return { endUserIds, accessLog: new D1AccessLog(database), erasing, erasedExamples: examples };
}
