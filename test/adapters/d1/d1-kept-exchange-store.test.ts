// Kept exchanges on real D1, and the fake held to the same contract.
import { env } from "cloudflare:workers";
import { D1KeptExchangeStore } from "../../../src/adapters/d1/d1-kept-exchange-store.ts";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { keptExchangeStoreContract } from "../../contract/kept-exchange-store.ts";
import { InMemoryKeptExchangeStore } from "../../fakes/in-memory-kept-exchange-store.ts";
import { InMemoryMistakeStore } from "../../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";

keptExchangeStoreContract("D1", () => {
  const objects = new InMemoryObjectStore();
  const database = openDatabase(env.DB);
  const mistakes = new D1MistakeStore(database, objects);
  return { keptExchanges: new D1KeptExchangeStore(database, objects), mistakes, objects };
});

keptExchangeStoreContract("the in-memory fake", () => {
  const objects = new InMemoryObjectStore();
  const mistakes = new InMemoryMistakeStore(objects);
  return { keptExchanges: new InMemoryKeptExchangeStore(mistakes.exchanges, objects), mistakes, objects };
});
