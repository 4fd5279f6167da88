// Reviews of one mistake on the wire: relabelling, corrections, two reviewers, taking it back, and what the audit says of it.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { capturedMistake } from "../fixtures/records.ts";
import { ANSWER, errorSchema, idOf, newCaller, type Caller } from "./fixtures.ts";

const auditSchema = z.looseObject({ data: z.array(z.looseObject({ event: z.string(), subject: z.string() })) });

async function review(caller: Caller, id: string, body: object, key = caller.key) {
  const { status, body: reply } = await caller.json(`/v1/mistakes/${id}/reviews`, { body, key });
  return { status, reply };
}

async function anotherKey(caller: Caller): Promise<string> {
  const body = { name: "another key", scopes: ["review"], project_id: caller.projectId };
  const made = await caller.gateway.ask("/v1/keys", { body });
  return z.looseObject({ key: z.string() }).parse(await made.json()).key;
}

async function goBy(caller: Caller, changes: object): Promise<void> {
  const second = { categories: [], sources: [], voices: "keys" };
  const body = { name: "own", activate: true, review: { enqueue: [], second, waive: [], ...changes } };
  expect((await caller.json("/v1/policies", { body })).status).toBe(201);
}

async function stateOf(caller: Caller, id: string): Promise<unknown> {
  const { body } = await caller.json(`/v1/mistakes/${id}`);
  return z.looseObject({ state: z.string() }).parse(body).state;
}

async function audited(caller: Caller, event: string): Promise<readonly unknown[]> {
  const { body } = await caller.json("/v1/audit");
  return auditSchema.parse(body).data.filter((entry) => entry.event === event);
}

it("relabels, corrects and confirms in one call, and leaves the rest as it is", async () => {
  const caller = await newCaller();
  const id = await caller.makeMistake();
  const labels = { kind: "incorrect", categories: ["incorrect", "custom:refund"] };
  const correction = "We repair it. Ask ann@example.org.";
  const { status, reply } = await review(caller, id, { decision: "confirm", ...labels, correction, reviewer: "安" });
  expect(status).toBe(201);
  const stored = { ...labels, correction: "We repair it. Ask [email]." };
  expect(reply).toMatchObject({ decision: "confirm", reviewer: "安", ...stored, mistake: { state: "confirmed" } });
  expect((await caller.json(`/v1/mistakes/${id}`)).body).toMatchObject({
    state: "confirmed",
    answer: ANSWER,
    ...stored,
  });
  // Saying it again changes nothing.
  expect((await review(caller, id, { decision: "relabel", ...labels })).reply).toMatchObject({
    kind: null,
    categories: null,
  });
  expect(await audited(caller, "mistake_reviewed")).toMatchObject([
    { subject: id, details: { decision: "relabel", kind: null, categories: null } },
    { subject: id, details: { decision: "confirm", reviewer: "安", kind: "incorrect" } },
  ]);
});

it("relabels and corrects without deciding", async () => {
  const caller = await newCaller();
  const id = await caller.makeMistake();
  expect((await review(caller, id, { decision: "relabel", kind: "leaked" })).status).toBe(201);
  expect((await review(caller, id, { decision: "correct", correction: "We repair it." })).status).toBe(201);
  expect((await caller.json(`/v1/mistakes/${id}`)).body).toMatchObject({
    ...{ state: "analysed", kind: "leaked", correction: "We repair it." },
  });
});

it("refuses a correction that the guardrails flag, and changes nothing", async () => {
  const caller = await newCaller();
  const id = await caller.makeMistake();
  const { status, reply } = await review(caller, id, { decision: "confirm", correction: "You get a full refund." });
  expect(status).toBe(400);
  expect(errorSchema.parse(reply).error).toMatchObject({ code: "correction_flagged", param: "correction" });
  expect(await stateOf(caller, id)).toBe("analysed");
});

describe("where the policy wants two reviewers", () => {
  it("waits for a second key, and shows one of two", async () => {
    const caller = await newCaller();
    const id = await caller.makeMistake();
    await goBy(caller, { second: { categories: ["custom:refund"], sources: [], voices: "keys" } });
    const first = await review(caller, id, { decision: "confirm", reviewer: "ann" });
    const standing = { state: "analysed", confirmations: 1, dismissals: 0, required: 2 };
    expect(first.reply).toMatchObject({ mistake: standing });
    const again = await review(caller, id, { decision: "confirm", reviewer: "ben" });
    expect(again.reply).toMatchObject({ mistake: standing });
    expect((await caller.json("/v1/reviews/claim", { body: {} })).body).toMatchObject({ data: [] });
    const other = await anotherKey(caller);
    expect((await caller.json("/v1/reviews/claim", { body: {}, key: other })).body).toMatchObject({
      data: [{ mistake_id: id, reason: "second_reviewer", ...standing }],
    });
    const second = await review(caller, id, { decision: "confirm" }, other);
    expect(second.reply).toMatchObject({ mistake: { ...standing, state: "confirmed", confirmations: 2 } });
  });

  it("takes two names under one key where it says so, and none without a name", async () => {
    const caller = await newCaller();
    const id = await caller.makeMistake();
    await goBy(caller, { second: { categories: [], sources: ["production"], voices: "reviewers" } });
    const { status, reply } = await review(caller, id, { decision: "confirm" });
    expect([status, errorSchema.parse(reply).error.param]).toEqual([400, "reviewer"]);
    for (const reviewer of ["ann", "ann"]) await review(caller, id, { decision: "confirm", reviewer });
    expect(await stateOf(caller, id)).toBe("analysed");
    await review(caller, id, { decision: "confirm", reviewer: "ben" });
    expect(await stateOf(caller, id)).toBe("confirmed");
  });

  it("shows both where they disagree, and keeps the mistake in the queue", async () => {
    const caller = await newCaller();
    const id = await caller.makeMistake();
    await goBy(caller, { second: { categories: ["custom:refund"], sources: [], voices: "keys" } });
    await review(caller, id, { decision: "confirm", comment: "It is wrong." });
    await review(caller, id, { decision: "dismiss", comment: "It is right." }, await anotherKey(caller));
    expect((await caller.json(`/v1/mistakes/${id}/reviews`)).body).toMatchObject({
      data: [
        { decision: "confirm", comment: "It is wrong.", standing: true, by: "person" },
        { decision: "dismiss", comment: "It is right.", standing: true, key_id: idOf("key") },
      ],
      mistake: { state: "analysed", confirmations: 1, dismissals: 1, required: 2 },
    });
    expect((await caller.json("/v1/reviews/queue")).body).toMatchObject({
      data: [{ reason: "disagreement", priority: 1 }],
    });
  });

  it("can't be got round by a lighter label", async () => {
    const caller = await newCaller();
    const id = await caller.makeMistake();
    await goBy(caller, { second: { categories: ["custom:refund"], sources: [], voices: "keys" } });
    await review(caller, id, { decision: "relabel", categories: ["incorrect"] });
    await review(caller, id, { decision: "confirm" });
    expect(await stateOf(caller, id)).toBe("analysed");
    const filter = { category: "incorrect" };
    const dry = await caller.json("/v1/reviews/bulk", { body: { filter, decision: "dismiss" } });
    const { until } = z.looseObject({ until: z.string() }).parse(dry.body);
    const bulk = { filter, decision: "dismiss", dry_run: false, expected_count: 1, until };
    expect((await caller.json("/v1/reviews/bulk", { body: bulk })).body).toMatchObject({ decided: 1 });
    expect(await stateOf(caller, id)).toBe("analysed");
  });

  it("wants them for a heavier label too", async () => {
    const caller = await newCaller();
    const id = await caller.makeMistake();
    await goBy(caller, { second: { categories: ["S9"], sources: [], voices: "keys" } });
    const { reply } = await review(caller, id, { decision: "confirm", categories: ["S9"] });
    expect(reply).toMatchObject({ mistake: { state: "analysed", required: 2 } });
  });
});

describe("POST /v1/mistakes/{id}/reopen", () => {
  it("takes a decision back, with a reason in the audit, and queues it again", async () => {
    const caller = await newCaller();
    const id = await caller.makeMistake();
    await review(caller, id, { decision: "dismiss" });
    const body = { comment: "Ask ann@example.org.", reviewer: "ben" };
    expect(await caller.json(`/v1/mistakes/${id}/reopen`, { body })).toEqual({
      status: 200,
      body: {
        ...{ object: "mistake_reopened", mistake_id: id, state: "analysed" },
        ...{ confirmations: 0, dismissals: 0, required: 1 },
      },
    });
    expect(await audited(caller, "mistake_reopened")).toMatchObject([
      { subject: id, details: { was: "dismissed", comment: "Ask [email].", reviewer: "ben" } },
    ]);
    expect((await caller.json("/v1/reviews/queue")).body).toMatchObject({
      data: [{ mistake_id: id, reason: "reopened" }],
    });
    expect((await caller.json(`/v1/mistakes/${id}/reopen`, { body })).status).toBe(409);
  });

  it("comes too late once a release holds it, and knows no other id", async () => {
    const caller = await newCaller();
    const id = await caller.makeMistake();
    await review(caller, id, { decision: "confirm" });
    await caller.json("/v1/releases", { body: {} });
    const body = { comment: "It was right." };
    expect((await caller.json(`/v1/mistakes/${id}/reopen`, { body })).status).toBe(409);
    expect(await stateOf(caller, id)).toBe("released");
    expect((await caller.json("/v1/mistakes/mis_nothing/reopen", { body })).status).toBe(404);
    expect((await caller.json("/v1/mistakes/mis_nothing/reviews")).status).toBe(404);
  });
});

describe("what the policy waives", () => {
  const waiving = async (caller: Caller, changes: Parameters<typeof capturedMistake>[1], waive = ["induction"]) => {
    await goBy(caller, { waive, second: { categories: ["S9"], sources: [], voices: "keys" } });
    const captured = capturedMistake(caller.projectId, changes);
    await caller.gateway.services.storing.mistakes.insertCaptured([captured]);
    const { id } = captured.mistake;
    await caller.gateway.analyses.send({ projectId: caller.projectId, mistakeId: id });
    await caller.gateway.drainAnalyses();
    return id;
  };

  it("is confirmed once it is analysed, by the policy, as its review and the audit say", async () => {
    const caller = await newCaller();
    const id = await waiving(caller, { source: "induction" });
    expect(await stateOf(caller, id)).toBe("confirmed");
    expect((await caller.json(`/v1/mistakes/${id}/reviews`)).body).toMatchObject({
      data: [{ decision: "confirm", by: "policy", key_id: "policy" }],
    });
    expect(await audited(caller, "mistake_reviewed")).toMatchObject([{ subject: id, details: { waived: true } }]);
    await caller.json(`/v1/mistakes/${id}/reopen`, { body: { comment: "Look again." } });
    await caller.gateway.analyses.send({ projectId: caller.projectId, mistakeId: id });
    await caller.gateway.drainAnalyses();
    expect(await stateOf(caller, id)).toBe("analysed");
  });

  it.each([
    ["what came from elsewhere", { source: "production" }, "analysed"],
    ["what needs two voices", { source: "induction", categories: ["S9"] }, "analysed"],
    ["what is in quarantine", { source: "induction", quarantine: "contradiction" }, "captured"],
  ] as const)("is never %s", async (_name, changes, state) => {
    const caller = await newCaller();
    expect(await stateOf(caller, await waiving(caller, changes))).toBe(state);
  });

  it("is production's where the policy names it", async () => {
    const caller = await newCaller();
    expect(await stateOf(caller, await waiving(caller, { source: "production" }, ["production"]))).toBe("confirmed");
  });
});
