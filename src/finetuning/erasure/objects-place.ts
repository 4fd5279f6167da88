// Objects that hold messages of the queues, read one by one: the spool, the dead letters. Law: whatever names the end user goes,
// readable or not, and so does the object with the exchange that it points to.
import type { ObjectStore } from "../../lib/object-store.ts";
import type { ErasurePlace } from "../../mistake/erasure.ts";

const MOST_OBJECTS = 50;
const OBJECT_KEY = /"objectKey":"([^"\\]{1,500})"/g;

export function objectsPlace(
  name: string,
  prefix: string,
  objects: Pick<ObjectStore, "list" | "getText" | "delete">,
): ErasurePlace {
  const eraseOne = async (key: string, projectId: string, endUsers: readonly string[]): Promise<boolean> => {
    const text = await objects.getText(key);
    // An HMAC is of one project's person alone, and base64url needs no escape in JSON.
    if (text === null || !endUsers.some((endUser) => text.includes(endUser))) return false;
    for (const [, pointed] of text.matchAll(OBJECT_KEY)) {
      if (pointed?.startsWith(`projects/${projectId}/`) === true) await objects.delete(pointed);
    }
    await objects.delete(key);
    return true;
  };
  return {
    name,
    erase: async ({ projectId, endUsers }, cursor) => {
      const keys = await objects.list(prefix, MOST_OBJECTS, cursor);
      let erased = 0;
      for (const key of keys) if (await eraseOne(key, projectId, endUsers)) erased += 1;
      const last = keys.at(-1);
      return { erased, next: last === undefined || keys.length < MOST_OBJECTS ? "done" : { cursor: last } };
    },
  };
}
