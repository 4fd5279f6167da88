// Rows of end users as a place of an erasure. Law: no cursor, since what is deleted is not listed again.
import type { ObjectStore } from "../../lib/object-store.ts";
import type { ErasurePlace } from "../../mistake/erasure.ts";
import { eraseStoredTexts } from "../../mistake/stored-texts.ts";
import type { SubjectRecords } from "../../mistake/subject-records.ts";

/** Each may have an object, and a Worker's invocation has a thousand subrequests to R2 and D1 together at the least. */
const MOST_RECORDS = 100;

export function recordsPlace(
  name: string,
  records: SubjectRecords,
  objects: Pick<ObjectStore, "delete" | "get" | "replace">,
): ErasurePlace {
  return {
    name,
    erase: async ({ projectId, endUsers }) => {
      const found = await records.listOf(projectId, endUsers, MOST_RECORDS);
      await eraseStoredTexts(
        objects,
        found.flatMap(({ objectKey }) => objectKey ?? []),
      );
      if (found.length > 0) await records.deleteRecords(projectId, found);
      return { erased: found.length, next: found.length < MOST_RECORDS ? "done" : { cursor: null } };
    },
  };
}
