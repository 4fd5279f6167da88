// The upstream store on real D1, and the fake held to the same contract.
import { env } from "cloudflare:workers";
import { D1UpstreamStore } from "../../../src/adapters/d1/d1-upstream-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { upstreamStoreContract } from "../../contract/upstream-store.ts";
import { InMemoryUpstreamStore } from "../../fakes/in-memory-upstream-store.ts";

upstreamStoreContract("D1", () => new D1UpstreamStore(openDatabase(env.DB)));
upstreamStoreContract("the in-memory fake", () => new InMemoryUpstreamStore());
