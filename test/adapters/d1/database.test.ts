// Drizzle over a session of D1: it reads, writes and batches, and its bookmark moves on.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { D1KeyStore } from "../../../src/adapters/d1/d1-key-store.ts";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { R2ObjectStore } from "../../../src/adapters/r2/r2-object-store.ts";
import { openSession } from "../../../src/adapters/d1/database.ts";
import { keyStoreContract } from "../../contract/key-store.ts";
import { mistakeStoreContract } from "../../contract/mistake-store.ts";
import { newProjectId, ticking } from "../../fixtures/records.ts";

const open = () => openSession(env.DB, "first-unconstrained");

keyStoreContract("a session of D1", () => new D1KeyStore(open().database));

const objects = new R2ObjectStore(env.OBJECTS);
mistakeStoreContract("a session of D1", () => ({ mistakes: new D1MistakeStore(open().database, objects), objects }));

describe("a session's bookmark", () => {
  it("is null before the first question, and grows with every write", async () => {
    const session = openSession(env.DB, "first-primary");
    expect(session.bookmark()).toBeNull();
    const keys = new D1KeyStore(session.database);
    await keys.listProjects();
    const first = session.bookmark() ?? "";
    await keys.insertProject({ id: newProjectId(), name: "p", createdAt: ticking() });
    const second = session.bookmark() ?? "";
    expect(first).toMatch(/^[0-9a-f]{8}(-[0-9a-f]+)+$/);
    expect(second > first).toBe(true);
  });

  it("begins another session that sees what the first one wrote", async () => {
    const session = open();
    const id = newProjectId();
    await new D1KeyStore(session.database).insertProject({ id, name: "p", createdAt: ticking() });
    const next = openSession(env.DB, session.bookmark() ?? "");
    expect(await new D1KeyStore(next.database).findProject(id)).toMatchObject({ id });
  });
});
