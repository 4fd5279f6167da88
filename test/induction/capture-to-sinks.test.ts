// Capture: redacted, spilled where too large, taken by the first sink that accepts; an id only for what is kept.
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Verdict } from "../../src/guardrail/verdict.ts";
import { CaptureToSinks } from "../../src/induction/capture-to-sinks.ts";
import { ObjectCaptureSink, SPOOL_PREFIX } from "../../src/induction/object-capture-sink.ts";
import { replaySpool } from "../../src/induction/replay-spool.ts";
import { storeCaptured, StoreCaptureSink } from "../../src/induction/store-captured.ts";
import { QueueCaptureSink } from "../../src/adapters/queue/queue-capture-sink.ts";
import type { AttackDraft, MistakeDraft } from "../../src/mistake/capture.ts";
import type { CaptureSink } from "../../src/mistake/capture-sink.ts";
import { capturedHead } from "../../src/mistake/captured-head.ts";
import { capturedSchema } from "../../src/mistake/captured-schema.ts";
import type { Captured } from "../../src/mistake/mistake-store.ts";
import { HeldQueue } from "../fakes/held-queue.ts";
import { InMemoryMistakeStore } from "../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { KeptMeter } from "../fakes/kept-meter.ts";
import { anyText, arbitraryExchange, arbitraryVerdict } from "../fixtures/arbitrary.ts";
import { capturedMistake, exchangeOf, makeTestId, newProjectId, ticking } from "../fixtures/records.ts";

const MAX_MESSAGE_BYTES = 128_000;

class ScriptedSink implements CaptureSink {
  readonly accepted: Captured[] = [];
  readonly name: string;
  readonly #behaviour: "accepts" | "refuses" | "hangs";

  constructor(name: string, behaviour: "accepts" | "refuses" | "hangs") {
    this.name = name;
    this.#behaviour = behaviour;
  }

  async accept(captured: Captured): Promise<void> {
    await (this.#behaviour === "hangs" ? new Promise(() => undefined) : Promise.resolve());
    if (this.#behaviour === "refuses") throw new Error("refused");
    this.accepted.push(captured);
  }
}

const queueSink = (queue: Queue): QueueCaptureSink =>
  new QueueCaptureSink({ queue, background: (work) => void work(), clock: ticking });

function flag(findings: number, message = "m"): Verdict {
  const finding = { rule: "r", category: "custom:refund", span: null, message } as const;
  return {
    guardrail: "g",
    version: "1",
    side: "output",
    status: "flag",
    reason: null,
    score: null,
    threshold: null,
    latencyMilliseconds: null,
    rationale: null,
    findings: Array.from({ length: findings }, () => finding),
  };
}

const { provenance } = capturedMistake("prj_1").mistake;

function mistakeDraft(projectId: string, changes: Partial<MistakeDraft> = {}): MistakeDraft {
  return {
    projectId,
    source: "production",
    ...exchangeOf(),
    verdicts: [flag(1)],
    action: "block",
    releasedCharacters: 0,
    provenance,
    ...changes,
  };
}

function attackDraft(projectId: string, changes: Partial<AttackDraft> = {}): AttackDraft {
  const { messages } = exchangeOf();
  return {
    projectId,
    messages,
    verdicts: [flag(1)],
    policyVersion: "1",
    keyId: "key_1",
    endUser: "v1.abc",
    requestId: "req_1",
    upstreamStarted: false,
    action: "block",
    ...changes,
  };
}

describe("CaptureToSinks", () => {
  let objects: InMemoryObjectStore;
  let logger: KeptLogger;
  let meter: KeptMeter;
  let project: string;

  beforeEach(() => {
    objects = new InMemoryObjectStore();
    logger = new KeptLogger();
    meter = new KeptMeter();
    project = newProjectId();
  });

  const captureTo = (...sinks: readonly CaptureSink[]): CaptureToSinks =>
    new CaptureToSinks({
      sinks,
      objects,
      clock: ticking,
      makeId: makeTestId,
      logger,
      sinkTimeoutMilliseconds: 20,
      meter,
    });

  const only = (sink: ScriptedSink): Captured => {
    const [captured] = sink.accepted;
    if (captured === undefined) throw new Error("the sink has nothing");
    return captured;
  };

  it.each([
    [["accepts", "accepts", "accepts"], 0],
    [["refuses", "accepts", "accepts"], 1],
    [["hangs", "accepts", "accepts"], 1],
    [["hangs", "refuses", "accepts"], 2],
    [["refuses", "refuses", "hangs"], null],
  ] as const)("of sinks that %j it is number %s that gets it", async (behaviours, taker) => {
    const sinks = behaviours.map((behaviour, index) => new ScriptedSink(`sink ${index}`, behaviour));
    const id = await captureTo(...sinks).mistake(mistakeDraft(project));
    expect(sinks.map(({ accepted }) => accepted.length)).toEqual(sinks.map((_, index) => (index === taker ? 1 : 0)));
    expect(id === null).toBe(taker === null);
    if (taker !== null) expect(sinks[taker]?.accepted.map((each) => capturedHead(each).id)).toEqual([id]);
    expect(logger.of("capture_sink_failed")).toHaveLength(taker ?? 3);
    expect(logger.of("capture_lost")).toHaveLength(taker === null ? 1 : 0);
    const lost = { projectId: project, keyId: "key_root", outcome: "capture_lost" };
    expect(meter.outcomes).toEqual(taker === null ? [lost] : []);
  });

  it("stores what the upstream calls itself redacted and short", async () => {
    const sink = new ScriptedSink("first", "accepts");
    const named = { ...provenance, model: `jane@example.org ${"x".repeat(500)}`, completionId: "jane@example.org" };
    await captureTo(sink).mistake(mistakeDraft(project, { provenance: named }));
    const [captured] = sink.accepted;
    const stored = captured?.type === "mistake" ? captured.mistake.provenance : null;
    expect(stored?.completionId).toBe("[email]");
    expect(stored?.model).toMatch(/^\[email\] x{1,200}$/);
  });

  it("makes a mistake of a draft, whole", async () => {
    const sink = new ScriptedSink("sink", "accepts");
    const draft = mistakeDraft(project, { source: "feedback", action: "annotate" });
    const id = await captureTo(sink).mistake(draft);
    expect(only(sink)).toMatchObject({
      type: "mistake",
      mistake: {
        id,
        projectId: project,
        kind: "other",
        source: "feedback",
        state: "captured",
        categories: ["custom:refund"],
        verdicts: draft.verdicts,
        action: "annotate",
        provenance,
      },
      exchange: { inline: exchangeOf() },
    });
  });

  it("keeps a blocked input as an attack", async () => {
    const sink = new ScriptedSink("sink", "accepts");
    const id = await captureTo(sink).attack(attackDraft(project));
    expect(only(sink)).toMatchObject({
      type: "attack",
      attack: { id, projectId: project, categories: ["custom:refund"], policyVersion: "1" },
      messages: { inline: exchangeOf().messages },
    });
  });

  it("keeps the categories of all findings, and the first 25 findings", async () => {
    const sink = new ScriptedSink("sink", "accepts");
    const harmful = flag(1).findings.map((finding) => ({ ...finding, category: "S1" as const }));
    const late: Verdict = { ...flag(30), findings: [...flag(30).findings, ...harmful] };
    await captureTo(sink).mistake(mistakeDraft(project, { verdicts: [late] }));
    await captureTo(sink).attack(attackDraft(project, { verdicts: [late] }));
    for (const captured of sink.accepted) {
      if (captured.type === "exchange") throw new Error("nothing passed");
      const { categories, verdicts } = captured.type === "mistake" ? captured.mistake : captured.attack;
      expect(categories).toEqual(["custom:refund", "S1"]);
      expect(verdicts[0]?.findings).toHaveLength(25);
    }
  });

  it("makes only what can be read back", async () => {
    const draft = fc.record({
      exchange: arbitraryExchange(anyText),
      verdicts: fc.array(arbitraryVerdict, { maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(draft, async ({ exchange, verdicts }) => {
        const sink = new ScriptedSink("sink", "accepts");
        const capture = captureTo(sink);
        await capture.mistake(mistakeDraft(project, { ...exchange, verdicts }));
        await capture.attack(attackDraft(project, { messages: exchange.messages, verdicts }));
        expect(sink.accepted).toHaveLength(2);
        for (const captured of sink.accepted) {
          const value: unknown = JSON.parse(JSON.stringify(captured));
          expect(capturedSchema.parse(value)).toEqual(captured);
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["an ordinary answer", "a".repeat(100), false],
    ["an answer of 32 KiB", "a".repeat(32 * 1024), false],
    ["one byte more", "a".repeat(32 * 1024 + 1), true],
    ["a Chinese answer above it", "界".repeat(11_000), true],
    ["an answer that JSON makes large", "\u0000".repeat(17_000), true],
    ["an answer of 5 MiB", "a".repeat(5 * 1024 * 1024), true],
  ])("%s travels in a queue message of at most 128 KB", async (_, answer, spills) => {
    const queue = new HeldQueue();
    const capture = captureTo(queueSink(queue));
    const exchange = exchangeOf("What do you say?", answer);
    expect(await capture.mistake(mistakeDraft(project, exchange))).not.toBeNull();
    expect(
      await capture.attack(attackDraft(project, { messages: [{ role: "user", content: answer }] })),
    ).not.toBeNull();
    const sent = queue.take().map((body) => capturedSchema.parse(body));
    for (const captured of sent) {
      const kept = captured.type === "attack" ? captured.messages : captured.exchange;
      expect("objectKey" in kept).toBe(spills);
    }
    const mistakes = new InMemoryMistakeStore(objects);
    await mistakes.insertCaptured(sent);
    const page = { limit: 1, cursor: null };
    expect((await mistakes.list(project, {}, page)).items[0]?.mistake.exchange).toEqual(exchange);
    expect((await mistakes.listAttacks(project, page)).items[0]?.messages[0]?.content).toBe(answer);
  });

  it("counts the verdicts to the size of the message", async () => {
    const queue = new HeldQueue();
    const capture = captureTo(queueSink(queue));
    const texts = Array.from({ length: 3 }, () => ({ role: "user" as const, content: "a".repeat(30_000) }));
    const verdicts = [flag(25, "界".repeat(500))];
    expect(await capture.mistake(mistakeDraft(project, { messages: texts, verdicts }))).not.toBeNull();
    expect(new TextEncoder().encode(JSON.stringify(queue.take()[0])).byteLength).toBeLessThan(MAX_MESSAGE_BYTES);
  });

  it("offers a large exchange whole to the sinks while the object store refuses", async () => {
    objects.down = true;
    const [queue, store] = [new HeldQueue(), new ScriptedSink("store", "accepts")];
    const exchange = exchangeOf("x", "界".repeat(100_000));
    expect(await captureTo(queueSink(queue), store).mistake(mistakeDraft(project, exchange))).not.toBeNull();
    expect(queue.take()).toEqual([]);
    expect(only(store)).toMatchObject({ exchange: { inline: exchange } });
    expect(logger.of("capture_spill_failed")).toHaveLength(1);
  });

  it("answers null, and says so, for an exchange that can't be written at all", async () => {
    const sink = new ScriptedSink("sink", "accepts");
    const circle: { role: "user"; content: string; self?: unknown } = { role: "user", content: "x" };
    circle.self = circle;
    expect(await captureTo(sink).mistake(mistakeDraft(project, { messages: [circle] }))).toBeNull();
    expect(logger.of("capture_lost")).toHaveLength(1);
  });

  it("loses nothing and keeps nothing twice while every part fails now and then", async () => {
    let seed = 7;
    const fails = (): boolean => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647 < 0.05;
    };
    const queue = new HeldQueue();
    const mistakes = new InMemoryMistakeStore(objects);
    const enqueued: string[] = [];
    const storing = {
      mistakes: {
        insertCaptured: async (captured: readonly Captured[]) => {
          if (fails()) throw new Error("the database is busy");
          await mistakes.insertCaptured(captured);
        },
      },
      analyses: {
        enqueue: async (requests: readonly { readonly mistakeId: string }[]) => {
          await Promise.resolve();
          if (fails()) throw new Error("the queue is busy");
          enqueued.push(...requests.map(({ mistakeId }) => mistakeId));
        },
      },
    };
    const flaky = (inner: CaptureSink, name: string): CaptureSink => ({
      name,
      accept: async (captured) => {
        if (fails()) throw new Error("busy");
        await inner.accept(captured);
        if (fails()) throw new Error("accepted, but the acknowledgement was lost");
      },
    });
    const capture = captureTo(
      flaky(queueSink(queue), "queue"),
      flaky(new StoreCaptureSink(storing), "store"),
      new ObjectCaptureSink(objects),
    );
    const ids: string[] = [];
    for (let index = 0; index < 400; index += 1) {
      const id = await capture.mistake(mistakeDraft(project));
      if (id !== null) ids.push(id);
    }
    expect(ids).toHaveLength(400);

    let waiting = queue.take();
    for (let round = 0; waiting.length > 0 && round < 50; round += 1) {
      const refused: unknown[] = [];
      for (const body of waiting) {
        await storeCaptured(storing, [capturedSchema.parse(body)]).catch(() => refused.push(body));
      }
      waiting = refused;
    }
    for (let round = 0; round < 50; round += 1) await replaySpool({ ...storing, objects, logger, clock: ticking });

    expect(waiting).toEqual([]);
    expect(await objects.list(SPOOL_PREFIX, 10)).toEqual([]);
    const stored = (await mistakes.list(project, {}, { limit: 1000, cursor: null })).items.map(
      ({ mistake }) => mistake.id,
    );
    expect(stored.toSorted()).toEqual(ids.toSorted());
    expect(new Set(enqueued)).toEqual(new Set(ids));
  });
});
