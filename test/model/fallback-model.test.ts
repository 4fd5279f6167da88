// One model over several upstreams: who is asked, for what, and who is left alone.
import { describe, expect, it } from "vitest";
import { Breaker } from "../../src/model/circuit.ts";
import { FallbackModel, type Candidate } from "../../src/model/fallback-model.ts";
import type { ModelNames } from "../../src/model/upstream.ts";
import type { Problem } from "../../src/problem.ts";
import type { ChatRequest } from "../../src/wire/chat-completion.ts";
import { handClock, type HandClock } from "../fakes/hand-clock.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { PlayedModel, type Play } from "../fakes/played-model.ts";

const REQUEST: ChatRequest = { model: "m", messages: [{ role: "user", content: "Hi" }] };
const { signal } = new AbortController();
const LIMITS = { threshold: 2, windowMilliseconds: 1_000, coolDownMilliseconds: 500 };

interface Setup {
  readonly model: FallbackModel;
  readonly played: readonly PlayedModel[];
  readonly logger: KeptLogger;
  readonly clock: HandClock;
}

function setupOf(
  plays: readonly Play[],
  maps: readonly ModelNames[] = [],
  caller: "client" | "gateway" = "client",
): Setup {
  const clock = handClock();
  const logger = new KeptLogger();
  const played = plays.map((play) => new PlayedModel(play));
  const candidates: Candidate[] = played.map((model, index) => ({
    id: `ups_${index}`,
    models: maps[index] ?? {},
    model,
    breaker: new Breaker(clock.now, LIMITS),
  }));
  return { model: new FallbackModel(candidates, caller, logger), played, logger, clock };
}

/** How often each was asked. */
const calls = ({ played }: Setup): readonly number[] => played.map(({ asked }) => asked.length);

async function answered(
  setup: Setup,
  kind: "complete" | "stream",
  request = REQUEST,
): Promise<string | null | undefined> {
  if (kind === "complete") {
    const completed = await setup.model.complete(request, signal);
    return completed.ok ? completed.value.choices[0]?.message.content : completed.error.code;
  }
  const stream = await setup.model.stream(request, signal);
  if (!stream.ok) return stream.error.code;
  const read = await stream.value.read();
  return read.kind === "events" ? (/"content":"(\w+)"/.exec(read.data.join(""))?.[1] ?? null) : read.kind;
}

describe.each(["complete", "stream"] as const)("%s", (kind) => {
  it("asks the first alone while it answers", async () => {
    const setup = setupOf([{ text: "one" }, { text: "two" }]);
    expect(await answered(setup, kind)).toBe("one");
    expect(calls(setup)).toEqual([1, 0]);
    expect(setup.logger.lines).toEqual([]);
  });

  it.each<Problem["status"]>([401, 402, 403, 408, 429, 500, 502, 503, 504])(
    "asks the next after %d",
    async (status) => {
      const setup = setupOf([{ status }, { status: 503 }, { text: "three" }]);
      expect(await answered(setup, kind)).toBe("three");
      expect(calls(setup)).toEqual([1, 1, 1]);
      expect(setup.logger.of("upstream_failed").map(({ fields }) => fields)).toEqual([
        { upstream: "ups_0", status, code: `status_${status}` },
        { upstream: "ups_1", status: 503, code: "status_503" },
      ]);
      expect(setup.logger.of("upstream_fallback").map(({ fields }) => fields)).toEqual([
        { upstream: "ups_2", passedOver: 2 },
      ]);
    },
  );

  it.each<Problem["status"]>([400, 404, 405, 409, 413, 415, 422, 451, 499])(
    "asks nobody else after %d",
    async (status) => {
      const setup = setupOf([{ status }, { text: "two" }]);
      for (let count = 0; count < 5; count += 1) expect(await answered(setup, kind)).toBe(`status_${status}`);
      // Nor is it a failure that opens the circuit.
      expect(calls(setup)).toEqual([5, 0]);
    },
  );

  it("gives the last problem when all fail, and then leaves all alone", async () => {
    const setup = setupOf([{ status: 500 }, { status: 429 }]);
    expect([await answered(setup, kind), await answered(setup, kind)]).toEqual(["status_429", "status_429"]);
    expect(await answered(setup, kind)).toBe("upstream_unavailable");
    expect(calls(setup)).toEqual([2, 2]);
    setup.clock.advance(500);
    expect(await answered(setup, kind)).toBe("status_429");
    expect(calls(setup)).toEqual([3, 3]);
  });

  it("passes over an upstream that keeps failing, until a probe answers", async () => {
    const setup = setupOf([{ status: 500 }, { text: "two" }]);
    for (let count = 0; count < 5; count += 1) expect(await answered(setup, kind)).toBe("two");
    expect(calls(setup)).toEqual([2, 5]);
    const [first] = setup.played;
    if (first !== undefined) first.play = { text: "one" };
    setup.clock.advance(500);
    expect(await answered(setup, kind)).toBe("one");
    expect(await answered(setup, kind)).toBe("one");
  });

  it("asks each by its own name for the model, and only who serves it", async () => {
    const setup = setupOf(
      [{ text: "one" }, { status: 500 }, { text: "three" }],
      [{ a: "a-1" }, { m: "m-2" }, { m: "m-3" }],
    );
    expect(await answered(setup, kind)).toBe("three");
    expect(setup.played.map(({ asked }) => asked)).toEqual([[], ["m-2"], ["m-3"]]);
  });

  it("is 404 for what nobody serves, and 400 without any name", async () => {
    const mapped = setupOf([{ text: "one" }], [{ a: "a-1" }]);
    expect(await answered(mapped, kind)).toBe("model_not_found");
    const unmapped = setupOf([{ text: "one" }]);
    expect(await answered(unmapped, kind, { messages: REQUEST.messages })).toBe("missing_model");
    expect([...calls(mapped), ...calls(unmapped)]).toEqual([0, 0]);
  });

  it("serves the gateway's own calls under any name", async () => {
    const setup = setupOf([{ text: "one" }], [{ a: "a-1" }], "gateway");
    expect(await answered(setup, kind, { ...REQUEST, model: "a-1-2026" })).toBe("one");
    expect(setup.played[0]?.asked).toEqual(["a-1"]);
  });

  it("gives the probe back when an adapter throws", async () => {
    const setup = setupOf([{ status: 500 }]);
    await answered(setup, kind);
    await answered(setup, kind);
    setup.clock.advance(500);
    const [only] = setup.played;
    if (only !== undefined) only.play = "throws";
    await expect(answered(setup, kind)).rejects.toThrow("an adapter's mistake");
    if (only !== undefined) only.play = { text: "one" };
    expect(await answered(setup, kind)).toBe("one");
  });
});

describe("a stream that breaks after its first event", () => {
  it("is not asked for elsewhere, and counts against its upstream", async () => {
    const setup = setupOf(["breaks", { text: "two" }]);
    for (let count = 0; count < 2; count += 1) {
      const stream = await setup.model.stream(REQUEST, signal);
      if (!stream.ok) throw new Error("it should have begun");
      expect((await stream.value.read()).kind).toBe("events");
      expect(await stream.value.read()).toMatchObject({ kind: "failed", problem: { status: 502 } });
      expect((await stream.value.read()).kind).toBe("failed");
      await stream.value.cancel();
    }
    expect(calls(setup)).toEqual([2, 0]);
    expect(await answered(setup, "stream")).toBe("two");
  });
});

describe("models", () => {
  it("are the maps' names and what the others list, each once", async () => {
    const setup = setupOf([{ text: "" }, { text: "" }, { text: "" }], [{ a: "x", b: "y" }, {}, { a: "z" }]);
    const listed = await setup.model.models(signal);
    expect(listed.ok ? listed.value.data.map(({ id }) => id) : null).toEqual(["a", "b", "listed"]);
  });

  it("are those that are known, and a problem only where none is", async () => {
    const some = await setupOf([{ status: 500 }, { text: "" }]).model.models(signal);
    expect(some.ok ? some.value.data.map(({ id }) => id) : null).toEqual(["listed"]);
    expect(await setupOf([{ status: 500 }]).model.models(signal)).toMatchObject({ error: { code: "status_500" } });
  });
});
