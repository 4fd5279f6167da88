// Which model a project asks: how long it is known, and what becomes of it while the store fails.
import { describe, expect, it } from "vitest";
import { err, ok } from "../../src/lib/result.ts";
import type { HttpEndpoint, JsonPost } from "../../src/model/http-endpoint.ts";
import { StoredModelDirectory } from "../../src/model/stored-model-directory.ts";
import { UnavailableModel } from "../../src/model/unavailable-model.ts";
import type { Upstream } from "../../src/model/upstream.ts";
import type { ChatRequest } from "../../src/wire/chat-completion.ts";
import { handClock, type HandClock } from "../fakes/hand-clock.ts";
import { InMemoryUpstreamStore } from "../fakes/in-memory-upstream-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { PlayedModel, problemOfStatus } from "../fakes/played-model.ts";
import { upstreamOf } from "../fixtures/upstreams.ts";

const REQUEST: ChatRequest = { model: "fast", messages: [{ role: "user", content: "Hi" }] };
const { signal } = new AbortController();

interface Setup {
  readonly directory: StoredModelDirectory;
  readonly store: InMemoryUpstreamStore;
  readonly clock: HandClock;
  readonly logger: KeptLogger;
  readonly defaultModel: PlayedModel;
  /** by upstream */
  readonly made: Map<string, PlayedModel>;
  readonly looks: () => number;
  isDown: boolean;
}

function setupOf(): Setup {
  const [clock, logger, store] = [handClock(), new KeptLogger(), new InMemoryUpstreamStore()];
  const made = new Map<string, PlayedModel>();
  const defaultModel = new PlayedModel({ text: "default" });
  let looks = 0;
  const upstreams = {
    listUpstreams: async (projectId: string): Promise<readonly Upstream[]> => {
      looks += 1;
      if (setup.isDown) throw new Error("the database is down");
      return await store.listUpstreams(projectId);
    },
  };
  const makeModel = async ({ id, name }: Upstream): Promise<PlayedModel | UnavailableModel> => {
    await Promise.resolve();
    if (name === "locked") return new UnavailableModel(problemOfStatus(503));
    const model = made.get(id) ?? new PlayedModel({ text: name });
    made.set(id, model);
    return model;
  };
  const makeEndpoint = async ({ id }: Upstream): Promise<HttpEndpoint> => {
    return await Promise.resolve({
      post: async () => await Promise.resolve(setup.isDown ? err(problemOfStatus(500)) : ok({ from: id })),
    });
  };
  const makes = { makeModel, makeEndpoint, defaultModel };
  const directory = new StoredModelDirectory({ upstreams, ...makes, clock: clock.now, logger });
  const setup: Setup = { directory, store, clock, logger, defaultModel, made, looks: () => looks, isDown: false };
  return setup;
}

async function answer({ directory }: Setup, projectId: string): Promise<string | null | undefined> {
  const completed = await (await directory.forProject(projectId)).complete(REQUEST, signal);
  return completed.ok ? completed.value.choices[0]?.message.content : completed.error.code;
}

describe("StoredModelDirectory", () => {
  it("gives a project without upstreams the default model, itself", async () => {
    const setup = setupOf();
    expect(await setup.directory.forProject("prj_1")).toBe(setup.defaultModel);
    expect(await setup.directory.forOwnCalls("prj_1")).toBe(setup.defaultModel);
  });

  it("gives each project its own, in their order", async () => {
    const setup = setupOf();
    await setup.store.insertUpstream(upstreamOf({ projectId: "prj_1", name: "second", priority: 2 }));
    await setup.store.insertUpstream(upstreamOf({ projectId: "prj_1", name: "first", priority: 1 }));
    await setup.store.insertUpstream(upstreamOf({ projectId: "prj_2", name: "other" }));
    expect([await answer(setup, "prj_1"), await answer(setup, "prj_2"), await answer(setup, "prj_3")]).toEqual([
      "first",
      "other",
      "default",
    ]);
  });

  it("asks the next where the credentials of the first can't be read", async () => {
    const setup = setupOf();
    await setup.store.insertUpstream(upstreamOf({ projectId: "prj_1", name: "locked", priority: 1 }));
    await setup.store.insertUpstream(upstreamOf({ projectId: "prj_1", name: "open", priority: 2 }));
    expect(await answer(setup, "prj_1")).toBe("open");
  });

  it("serves its own calls under a name that clients can't ask for", async () => {
    const setup = setupOf();
    await setup.store.insertUpstream(upstreamOf({ projectId: "prj_1", name: "own" }));
    const odd = { ...REQUEST, model: "small-1-2026" };
    expect((await (await setup.directory.forProject("prj_1")).complete(odd, signal)).ok).toBe(false);
    expect((await (await setup.directory.forOwnCalls("prj_1")).complete(odd, signal)).ok).toBe(true);
  });

  it("looks once in 30 s, with and without upstreams", async () => {
    const setup = setupOf();
    for (let count = 0; count < 5; count += 1) await answer(setup, "prj_1");
    setup.clock.advance(29_999);
    expect(await answer(setup, "prj_1")).toBe("default");
    expect(setup.looks()).toBe(1);
    await setup.store.insertUpstream(upstreamOf({ projectId: "prj_1", name: "new" }));
    setup.clock.advance(1);
    expect(await answer(setup, "prj_1")).toBe("new");
    expect(setup.looks()).toBe(2);
  });

  it("looks at once after it forgot", async () => {
    const setup = setupOf();
    await answer(setup, "prj_1");
    await setup.store.insertUpstream(upstreamOf({ projectId: "prj_1", name: "new" }));
    setup.directory.forget("prj_1");
    expect(await answer(setup, "prj_1")).toBe("new");
  });

  it("goes on with what it knew while the store fails, and asks it again every 5 s", async () => {
    const setup = setupOf();
    await setup.store.insertUpstream(upstreamOf({ projectId: "prj_1", name: "own" }));
    await answer(setup, "prj_1");
    setup.isDown = true;
    setup.clock.advance(30_000);
    for (let count = 0; count < 5; count += 1) expect(await answer(setup, "prj_1")).toBe("own");
    expect(setup.looks()).toBe(2);
    expect(setup.logger.of("upstreams_unavailable")).toHaveLength(1);
    setup.clock.advance(5_000);
    expect(await answer(setup, "prj_1")).toBe("own");
    expect(setup.looks()).toBe(3);
  });

  it("never takes the default model because the store failed", async () => {
    const setup = setupOf();
    setup.isDown = true;
    expect(await answer(setup, "prj_1")).toBe("upstreams_unavailable");
    expect(setup.defaultModel.asked).toEqual([]);
    setup.isDown = false;
    expect(await answer(setup, "prj_1")).toBe("default");
  });

  it("keeps the circuit of an upstream when it looks again, and has a new one for a new address", async () => {
    const setup = setupOf();
    const upstream = upstreamOf({ projectId: "prj_1", name: "own" });
    await setup.store.insertUpstream(upstream);
    await answer(setup, "prj_1");
    const model = setup.made.get(upstream.id);
    if (model !== undefined) model.play = { status: 500 };
    for (let count = 0; count < 10; count += 1) await answer(setup, "prj_1");
    setup.directory.forget("prj_1");
    expect(await answer(setup, "prj_1")).toBe("upstream_unavailable");
    await setup.store.replaceUpstream({ ...upstream, url: "https://moved.test/v1" });
    setup.directory.forget("prj_1");
    expect(await answer(setup, "prj_1")).toBe("status_500");
  });
});

describe("upstreams of purpose guardrail", () => {
  const POST: JsonPost = { path: "", body: {}, proof: "bearer" };

  async function setupWith(...changes: readonly Partial<Upstream>[]): Promise<Setup> {
    const setup = setupOf();
    for (const change of changes) {
      await setup.store.insertUpstream(upstreamOf({ projectId: "prj_1", models: {}, ...change }));
    }
    return setup;
  }

  it("never answer a chat, also where there is no other", async () => {
    const guard = { name: "guard", purpose: "guardrail", priority: 1 } as const;
    expect(await answer(await setupWith(guard), "prj_1")).toBe("default");
    expect(await answer(await setupWith(guard, { name: "own", priority: 2 }), "prj_1")).toBe("own");
  });

  it("are found by their name, in their project, and asked for the model that is named", async () => {
    const { directory } = await setupWith({ name: "guard", purpose: "guardrail" }, { name: "own" });
    const found = await directory.guardrailUpstream("prj_1", "guard");
    const said = await found?.chat.complete({ ...REQUEST, model: "guard-1" }, signal);
    expect(said?.ok === true && said.value.choices[0]?.message.content).toBe("guard");
    expect((await found?.endpoint.post(POST, signal))?.ok).toBe(true);
    for (const [project, name] of [
      ["prj_1", "own"],
      ["prj_1", "gone"],
      ["prj_2", "guard"],
    ] as const) {
      expect(await directory.guardrailUpstream(project, name)).toBeNull();
    }
  });

  it("need no name of a model where their map has one", async () => {
    const { directory } = await setupWith({ name: "guard", purpose: "guardrail", models: { guard: "llama-guard-3" } });
    const found = await directory.guardrailUpstream("prj_1", "guard");
    expect((await found?.chat.complete({ messages: REQUEST.messages }, signal))?.ok).toBe(true);
  });

  it("are gone soon after they were removed", async () => {
    const { directory, store } = await setupWith({ name: "guard", purpose: "guardrail" });
    expect(await directory.guardrailUpstream("prj_1", "guard")).not.toBeNull();
    const [upstream] = await store.listUpstreams("prj_1");
    await store.deleteUpstream("prj_1", upstream?.id ?? "");
    directory.forget("prj_1");
    expect(await directory.guardrailUpstream("prj_1", "guard")).toBeNull();
  });

  it("are a failure while the store fails, not missing", async () => {
    const setup = setupOf();
    setup.isDown = true;
    const found = await setup.directory.guardrailUpstream("prj_1", "guard");
    const failed = { ok: false, error: { code: "upstreams_unavailable" } };
    expect(await found?.chat.complete(REQUEST, signal)).toMatchObject(failed);
    expect(await found?.endpoint.post(POST, signal)).toMatchObject(failed);
  });
});

describe("UnavailableModel", () => {
  it("is the same problem in every call", async () => {
    const problem = problemOfStatus(503);
    const model = new UnavailableModel(problem);
    const failed = { ok: false, error: problem };
    expect([await model.complete(), await model.stream(), await model.models()]).toEqual([failed, failed, failed]);
  });
});
