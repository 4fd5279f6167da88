// The lookup of keys at a replica: what it doesn't know yet is asked of the primary before anybody is refused.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { NO_LIMITS } from "../../../src/access/key-limits.ts";
import { D1KeyLookup } from "../../../src/adapters/d1/d1-key-lookup.ts";
import { D1KeyStore } from "../../../src/adapters/d1/d1-key-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { makeTestId, newProjectId, ticking } from "../../fixtures/records.ts";
import { ObservedDatabase } from "../../fakes/observed-database.ts";

/** A D1 whose replicas have heard of nothing yet. */
function withStaleReplicas(binding: D1Database): D1Database {
  return new Proxy(binding, {
    get: (target, name): unknown => {
      if (name !== "withSession") return Reflect.get(target, name);
      return (start: string) => {
        const session = target.withSession(start);
        if (start !== "first-unconstrained") return session;
        return {
          prepare: (query: string) => session.prepare(`SELECT * FROM (${query}) WHERE 0`),
          batch: session.batch.bind(session),
        };
      };
    },
  });
}

async function insertedKey(): Promise<{ readonly id: string; readonly hash: string }> {
  const keys = new D1KeyStore(openDatabase(env.DB));
  const projectId = newProjectId();
  await keys.insertProject({ id: projectId, name: "p", createdAt: ticking() });
  const id = makeTestId("key");
  const hash = `hash of ${id}`;
  await keys.insertKey(
    { id, projectId, name: "n", scopes: ["chat"], limits: NO_LIMITS, consent: null, createdAt: ticking() },
    hash,
  );
  return { id, hash };
}

it("asks a replica alone for a key that it knows", async () => {
  const { id, hash } = await insertedKey();
  const database = new ObservedDatabase(env.DB);
  expect(await new D1KeyLookup(database.binding).findKeyByHash(hash)).toMatchObject({ id });
  expect(database.calls).toBe(1);
});

it("finds a key that has not reached the replica yet", async () => {
  const { id, hash } = await insertedKey();
  expect(await new D1KeyLookup(withStaleReplicas(env.DB)).findKeyByHash(hash)).toMatchObject({ id });
});

it("asks twice before it says that a key is unknown", async () => {
  const database = new ObservedDatabase(env.DB);
  expect(await new D1KeyLookup(database.binding).findKeyByHash("of nothing")).toBeNull();
  expect(database.calls).toBe(2);
});
