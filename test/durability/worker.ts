// The Worker of the durability check: what is captured, consumed and replayed goes through the whole composition of production
// (world.ts). Law: an order is one invocation; what it dies of is part of the order.
import { replaySpool } from "../../src/induction/replay-spool.ts";
import { consumeCaptured } from "../../src/jobs/capture-consumer.ts";
import { consumeDeadLetters } from "../../src/jobs/dead-letters.ts";
import type { MistakeDraft } from "../../src/mistake/capture.ts";
import { type Death, DEAD_LETTERS, orderSchema, type Order } from "../../scripts/durability/protocol.ts";
import { plannedOf, STRICT_POLICY, STRICT_PROJECT } from "../../scripts/durability/traffic.ts";
import { seededRandom } from "../fakes/faults.ts";
import { policyOf } from "../fixtures/policies.ts";
import { type Bindings, worldOf } from "./world.ts";

const AT_ONCE = 100;
/** A batch of all new mistakes makes about as many calls of the database. */
const MOST_CALLS = 6;
const nothing = async (): Promise<void> => {
  await Promise.resolve();
};

function draft(number: number): MistakeDraft {
  const { projectId, keyId, endUser, prompt, answer, releasedCharacters, isHeld } = plannedOf(number);
  return {
    projectId,
    source: "production",
    messages: [{ role: "user", content: prompt }],
    answer: { role: "assistant", content: answer },
    verdicts: [],
    action: "block",
    releasedCharacters,
    provenance: {
      model: "none",
      guidanceVersion: null,
      policyVersion: "1",
      classifierVersion: null,
      keyId,
      endUser,
      requestId: `req_${number}`,
      completionId: "none",
      streamMode: null,
    },
    ...(isHeld ? { quarantine: "contradiction" as const } : {}),
  };
}

async function capture(bindings: Bindings, order: Extract<Order, { kind: "capture" }>): Promise<object> {
  const { capture: captures, made } = worldOf(bindings, order, nothing);
  const accepted: string[] = [];
  const offered: [string, number][] = [];
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < order.count) {
      const number = order.first + begun;
      begun += 1;
      // The id is made before anything is waited for.
      made.onId = (id) => offered.push([id, number]);
      const id = await captures.mistake(draft(number));
      if (id !== null) accepted.push(id);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { accepted, refused: order.count - accepted.length, offered };
}

interface Mortal {
  readonly beforeCall: () => Promise<void>;
  readonly when: (moment: "before_write" | "after_write") => Promise<void>;
  /** never fulfilled */
  readonly died: Promise<never>;
}

/** The whole runtime is killed; or else the handler just ends, whatever it waited for. */
function mortal(bindings: Bindings, death: Death | null, seed: number): Mortal {
  const { promise: died, reject } = Promise.withResolvers<never>();
  const forever = new Promise<void>(() => undefined);
  const die = async (): Promise<void> => {
    if (death?.startsWith("runtime") === true) await bindings.QUEUE.fetch("http://queue/kill", { method: "POST" });
    else reject(new Error("the consumer was killed"));
    await forever;
  };
  let callsLeft = death?.endsWith("between") === true ? 1 + Math.floor(seededRandom(seed)() * MOST_CALLS) : Infinity;
  return {
    died,
    beforeCall: async () => {
      callsLeft -= 1;
      if (callsLeft <= 0) await die();
    },
    when: async (moment) => {
      if (death?.endsWith(moment) === true) await die();
    },
  };
}

async function consume(bindings: Bindings, order: Extract<Order, { kind: "consume" }>): Promise<object> {
  const { died, beforeCall, when } = mortal(bindings, order.death, order.seed);
  const services = worldOf(bindings, order, beforeCall);
  const [acknowledged, retried]: [string[], string[]] = [[], []];
  const messages = order.messages.map(({ id, body, attempts }) => ({
    id,
    body,
    attempts,
    ack: () => acknowledged.push(id),
    retry: () => retried.push(id),
  }));
  const live = async (): Promise<void> => {
    await when("before_write");
    const batch = { queue: order.queue, messages };
    if (order.queue === DEAD_LETTERS) await consumeDeadLetters(services, batch);
    else await consumeCaptured(services, batch);
    await when("after_write");
  };
  await Promise.race([live(), died]);
  return { acknowledged, retried, refused: services.refused };
}

async function prepare(bindings: Bindings, order: Order): Promise<object> {
  const { policies } = worldOf(bindings, order, nothing);
  const policy = policyOf(STRICT_PROJECT, STRICT_POLICY);
  await policies.insertPolicy(policy, { projectId: STRICT_PROJECT, keyId: null, policyId: policy.id }, []);
  return {};
}

export default {
  async fetch(request: Request, bindings: Bindings): Promise<Response> {
    const order = orderSchema.parse(await request.json());
    if (order.kind === "capture") return Response.json(await capture(bindings, order));
    if (order.kind === "consume") return Response.json(await consume(bindings, order));
    if (order.kind === "prepare") return Response.json(await prepare(bindings, order));
    const { storing, objects, logger, clock } = worldOf(bindings, order, nothing);
    // What a tick could not do, the next one does.
    return Response.json({ replayed: await replaySpool({ ...storing, objects, logger, clock }).catch(() => 0) });
  },
};
