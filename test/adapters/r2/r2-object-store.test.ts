// The object store on real R2, and the fake held to the same contract.
import { env } from "cloudflare:workers";
import { R2ObjectStore } from "../../../src/adapters/r2/r2-object-store.ts";
import { objectStoreContract } from "../../contract/object-store.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";

objectStoreContract("R2", () => new R2ObjectStore(env.OBJECTS));

const inMemory = new InMemoryObjectStore();
objectStoreContract("the in-memory fake", () => inMemory);
