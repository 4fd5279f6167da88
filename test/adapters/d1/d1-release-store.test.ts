// The release store on real D1, and the fake held to the same contract.
import { env } from "cloudflare:workers";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { D1ReleaseStore } from "../../../src/adapters/d1/d1-release-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { R2ObjectStore } from "../../../src/adapters/r2/r2-object-store.ts";
import { releaseStoreContract } from "../../contract/release-store.ts";
import { InMemoryMistakeStore } from "../../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";
import { InMemoryReleaseStore } from "../../fakes/in-memory-release-store.ts";

releaseStoreContract("D1", () => {
  const database = openDatabase(env.DB);
  const mistakes = new D1MistakeStore(database, new R2ObjectStore(env.OBJECTS));
  return { mistakes, releases: new D1ReleaseStore(database) };
});

const mistakes = new InMemoryMistakeStore(new InMemoryObjectStore());
const releases = new InMemoryReleaseStore(mistakes);
releaseStoreContract("the in-memory fake", () => ({ mistakes, releases }));
