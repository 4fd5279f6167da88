// Writes down who read stored texts. Law: beside the reply, so that nobody waits for it; a failure is logged and hides no text.
import type { Context } from "hono";
import type { ReadThing } from "../access/access-log.ts";
import type { AppEnvironment } from "./app-services.ts";

/** @param subjects ids of what is about to be shown; for none there is nothing to write */
export function logAccess(context: Context<AppEnvironment>, thing: ReadThing, subjects: readonly string[]): void {
  if (subjects.length === 0) return;
  const { services, key, requestId } = context.var;
  const entry = { id: services.makeId("acc"), projectId: key.projectId, keyId: key.id, thing, subjects, requestId };
  const createdAt = services.clock();
  services.background(async () => {
    await services.accessLog.addEntry({ ...entry, createdAt });
  });
}
