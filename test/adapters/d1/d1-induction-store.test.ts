// The induction store on real D1, and the fake held to the same contract.
import { env } from "cloudflare:workers";
import { D1InductionStore } from "../../../src/adapters/d1/d1-induction-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { inductionStoreContract } from "../../contract/induction-store.ts";
import { InMemoryInductionStore } from "../../fakes/in-memory-induction-store.ts";

inductionStoreContract("D1", () => new D1InductionStore(openDatabase(env.DB)));
inductionStoreContract("the in-memory fake", () => new InMemoryInductionStore());
