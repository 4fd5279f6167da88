// Imported lines on real D1, and the fake held to the same contract.
import { env } from "cloudflare:workers";
import { D1ImportStore } from "../../../src/adapters/d1/d1-import-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { importStoreContract } from "../../contract/import-store.ts";
import { InMemoryImportStore } from "../../fakes/in-memory-import-store.ts";

importStoreContract("D1", () => new D1ImportStore(openDatabase(env.DB)));
importStoreContract("the in-memory fake", () => new InMemoryImportStore());
