// What the durability check's Worker is made of: `captureServices`, as production composes it, over the real D1 and R2, with faults
// between them. Law: only what a platform may do is done to them; the queue is the check's own, since the simulator's forgets with its process.
import { D1OverruleStore } from "../../src/adapters/d1/d1-overrule-store.ts";
import { D1PolicyStore } from "../../src/adapters/d1/d1-policy-store.ts";
import { openDatabase } from "../../src/adapters/d1/database.ts";
import { R2ObjectStore } from "../../src/adapters/r2/r2-object-store.ts";
import { captureServices } from "../../src/capture-services.ts";
import { createCompilePolicy } from "../../src/guardrail/compiled-policy.ts";
import { StoredPolicyDirectory } from "../../src/guardrail/stored-policy-directory.ts";
import { errorMessage } from "../../src/lib/error-message.ts";
import { createMakeId, type MakeId } from "../../src/lib/ids.ts";
import type { ObjectStore } from "../../src/lib/object-store.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";
import { Faults, seededRandom } from "../fakes/faults.ts";
import { shippedEdgeModel } from "../../src/guardrail/edge-classifier/edge-model.ts";
import type { Order } from "../../scripts/durability/protocol.ts";
import { faultyDatabase } from "./faulty-database.ts";

export interface Bindings {
  readonly DB: D1Database;
  readonly OBJECTS: R2Bucket;
  /** the check's queue */
  readonly QUEUE: Fetcher;
}

const STORE_MILLISECONDS = 4_000;
const METRICS = { backlogCount: 0, backlogBytes: 0 };
const QUIET = { info: () => undefined, error: () => undefined };
const DATABASE_BYTES = 10_000_000_000;
const clock = (): number => Date.now();
const randomBytes = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));

function queueOf(bindings: Bindings, name: string, faults: Faults): Queue {
  const send = async (bodies: readonly unknown[]): Promise<QueueSendResponse> => {
    await faults.around("queue", async () => {
      const reply = await bindings.QUEUE.fetch(`http://queue/${name}`, {
        method: "POST",
        body: JSON.stringify(bodies),
      });
      await reply.text();
    });
    return { metadata: { metrics: METRICS } };
  };
  return {
    metrics: async () => await Promise.resolve(METRICS),
    send: async (body: unknown) => await send([body]),
    sendBatch: async (messages: Iterable<MessageSendRequest>) => await send([...messages].map(({ body }) => body)),
  };
}

function faultyObjects(real: ObjectStore, faults: Faults): ObjectStore {
  return {
    put: async (...given) => {
      await faults.around("objects", async () => {
        await real.put(...given);
      });
    },
    get: async (key) => await faults.around("objects", async () => await real.get(key)),
    getText: async (key) => await faults.around("objects", async () => await real.getText(key)),
    getRange: async (...given) => await faults.around("objects", async () => await real.getRange(...given)),
    replace: async (...given) => await faults.around("objects", async () => await real.replace(...given)),
    list: async (...given) => await faults.around("objects", async () => await real.list(...given)),
    delete: async (key) => {
      await faults.around("objects", async () => {
        await real.delete(key);
      });
    },
  };
}

/** @param beforeCall at each call of the database; what it returns is waited for */
export function worldOf(bindings: Bindings, { seed, rates }: Order, beforeCall: () => Promise<void>) {
  const faults = new Faults(seededRandom(seed));
  faults.rates = rates;
  const refused: string[] = [];
  const DB = faultyDatabase(bindings.DB, {
    around: async (work) => {
      await beforeCall();
      return await faults.around("database", work);
    },
    refused: (reason) => refused.push(errorMessage(reason)),
  });
  const database = openDatabase(DB);
  const objects = faultyObjects(new R2ObjectStore(bindings.OBJECTS), faults);
  const compile = createCompilePolicy(randomBytes, shippedEdgeModel);
  const compiled = compile(DEFAULT_POLICY);
  if (!compiled.ok) throw new Error("the default policy is none");
  // Of its own, without faults: an isolate that knows a policy goes on with it for an hour, and this one is made anew for each order.
  const reliable = openDatabase(bindings.DB);
  const [policies, overrules] = [new D1PolicyStore(reliable), new D1OverruleStore(reliable)];
  const makeRealId = createMakeId(clock, randomBytes);
  const made: { onId: (id: string) => void } = { onId: () => undefined };
  const makeId: MakeId = (prefix) => {
    const id = makeRealId(prefix);
    made.onId(id);
    return id;
  };
  const env = {
    DB,
    CAPTURE_QUEUE: queueOf(bindings, "captures", faults),
    ANALYSIS_QUEUE: queueOf(bindings, "analyses", faults),
  };
  const { storing, capture } = captureServices(env, database, {
    settings: { databaseBytesLimit: DATABASE_BYTES, archiveAfterDays: 7 },
    compiled: compiled.value,
    policyDirectory: new StoredPolicyDirectory({ policies, overrules, compile, clock, logger: QUIET }),
    objects,
    meter: { count: () => undefined },
    background: (work) => void work(),
    ...{ clock, makeId, logger: QUIET },
  });
  // Long enough for a busy machine: what is merely slow comes again and again.
  const patient = { ...storing, timeoutMilliseconds: STORE_MILLISECONDS };
  return { capture, made, policies, refused, storing: patient, objects, logger: QUIET, clock };
}
