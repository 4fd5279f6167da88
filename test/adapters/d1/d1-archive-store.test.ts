// The archive on real D1 and R2, and the fakes held to the same contract.
import { env } from "cloudflare:workers";
import { D1ArchiveStore } from "../../../src/adapters/d1/d1-archive-store.ts";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { D1ReleaseStore } from "../../../src/adapters/d1/d1-release-store.ts";
import { D1RetentionStore } from "../../../src/adapters/d1/d1-retention-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { R2ObjectStore } from "../../../src/adapters/r2/r2-object-store.ts";
import { archiveContract } from "../../contract/archive-store.ts";
import { InMemoryArchiveStore } from "../../fakes/in-memory-archive-store.ts";
import { InMemoryMistakeStore } from "../../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";
import { InMemoryReleaseStore } from "../../fakes/in-memory-release-store.ts";

const database = openDatabase(env.DB);
const objects = new R2ObjectStore(env.OBJECTS);

archiveContract("D1", () => ({
  archive: new D1ArchiveStore(database),
  mistakes: new D1MistakeStore(database, objects),
  retention: new D1RetentionStore(database),
  releases: new D1ReleaseStore(database),
  objects,
}));

archiveContract("the in-memory fake", () => {
  const held = new InMemoryObjectStore();
  const mistakes = new InMemoryMistakeStore(held);
  const releases = new InMemoryReleaseStore(mistakes);
  return {
    archive: new InMemoryArchiveStore(mistakes, releases),
    mistakes,
    retention: mistakes,
    releases,
    objects: held,
  };
});
