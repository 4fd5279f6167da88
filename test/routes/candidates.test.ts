// /v1/candidates over HTTP: what is refused, and what is shown of one.
import { expect, it } from "vitest";
import { createGateway } from "../setup/gateway.ts";
import { anyNumber, errorSchema, idOf, listSchema, newCaller, type Caller } from "./fixtures.ts";

const BODY = { name: "tuned in May", upstream: "tuned", model: "ft:1" };

async function callerWithUpstream(): Promise<Caller> {
  const caller = await newCaller({ env: { SETBACK_ENCRYPTION_KEY: "an encryption key of this test" } });
  const upstream = { name: "tuned", purpose: "candidate", url: "https://tuned.test/v1", project_id: caller.projectId };
  expect((await caller.gateway.ask("/v1/upstreams", { body: upstream })).status).toBe(201);
  expect((await caller.gateway.ask("/v1/upstreams", { body: upstream })).status).toBe(409);
  return caller;
}

async function register(caller: Caller, body: object = BODY): Promise<string> {
  const reply = await caller.json("/v1/candidates", { body });
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return listSchema.shape.data.element.parse(reply.body).id;
}

it("shows a candidate with its gate, its trial and its place in the audit", async () => {
  const caller = await callerWithUpstream();
  const id = await register(caller);
  const arm = { requests: 0, flagged: 0, refused: 0, errors: 0 };
  expect((await caller.json(`/v1/candidates/${id}`)).body).toMatchObject({
    ...{ id: idOf("cnd"), object: "candidate", ...BODY, release_id: null, state: "registered", share: 0, reason: null },
    gate: { least_requests: 200, most_days: 14, confidence: 0.95, must_improve: null, margins: { flagged: 0.02 } },
    ...{ created_at: anyNumber, started_at: null, decided_at: null },
    trial: { incumbent: arm, candidate: arm, decision: "continue", reason: "too few requests" },
  });
  expect((await caller.json("/v1/candidates")).body).toMatchObject({ data: [{ id }], has_more: false });
  expect((await caller.json("/v1/audit")).body).toMatchObject({
    data: [
      { event: "candidate_registered", subject: id, details: { upstream: "tuned", model: "ft:1", release: null } },
    ],
  });
});

it("has one canary at a time, whose share can be changed, and promotes no other past it", async () => {
  const caller = await callerWithUpstream();
  const [first, second] = [await register(caller), await register(caller)];
  const canary = async (id: string, share = 0.1) =>
    (await caller.json(`/v1/candidates/${id}/canary`, { body: { share } })).status;
  expect(await canary(first)).toBe(200);
  expect(await canary(second)).toBe(409);
  expect(await canary(first, 0.2)).toBe(200);
  expect((await caller.json(`/v1/candidates/${second}/promote`, { body: {} })).status).toBe(409);
  expect((await caller.json(`/v1/candidates/${first}/rollback`, { body: {} })).body).toMatchObject({
    ...{ state: "rolled_back", reason: "by hand", share: 0 },
  });
  expect(await canary(first)).toBe(409);
  expect((await caller.json(`/v1/candidates/${second}/promote`, { body: { reason: "tested" } })).body).toMatchObject({
    ...{ state: "promoted", reason: "tested", share: 1 },
  });
});

it.each([
  [{ ...BODY, upstream: "nobody" }, 400, "upstream"],
  [{ ...BODY, release_id: "rel_nothing" }, 404, null],
  [{ ...BODY, gate: { margins: { flagged: 0 } } }, 400, "gate.margins.flagged"],
  [{ ...BODY, gate: { confidence: 1 } }, 400, "gate.confidence"],
  [{ ...BODY, share: 1 }, 400, null],
])("refuses %j", async (body, status, param) => {
  const caller = await callerWithUpstream();
  const reply = await caller.json("/v1/candidates", { body });
  expect(reply.status).toBe(status);
  if (param !== null) expect(errorSchema.parse(reply.body).error.param).toBe(param);
});

it.each([0, -0.1, 0.51, 1, "0.1"])("refuses a canary's share of %j", async (share) => {
  const caller = await callerWithUpstream();
  const id = await register(caller);
  expect((await caller.json(`/v1/candidates/${id}/canary`, { body: { share } })).status).toBe(400);
});

it("shows and changes nothing of another project's", async () => {
  const caller = await callerWithUpstream();
  const id = await register(caller);
  const other = await newCaller();
  for (const path of [`/v1/candidates/${id}/canary`, `/v1/candidates/${id}/rollback`, `/v1/candidates/${id}/promote`]) {
    expect((await other.json(path, { body: path.endsWith("canary") ? { share: 0.1 } : {} })).status).toBe(404);
  }
  expect((await other.json(`/v1/candidates/${id}`)).status).toBe(404);
});

it("takes no canary up whose upstream is gone, and serves nobody by one that goes later", async () => {
  const caller = await callerWithUpstream();
  const id = await register(caller);
  await caller.json(`/v1/candidates/${id}/canary`, { body: { share: 0.5 } });
  const { body } = await caller.json("/v1/upstreams");
  const [upstream] = listSchema.parse(body).data;
  await caller.gateway.ask(`/v1/upstreams/${upstream?.id}?project_id=${caller.projectId}`, { method: "DELETE" });
  for (let user = 0; user < 8; user += 1) {
    const messages = [{ role: "user", content: "When is it open?" }];
    const reply = await caller.gateway.chat(
      { model: "stub-model", messages, user: `user-${user}` },
      { key: caller.key },
    );
    expect(reply.status).toBe(200);
  }
  expect((await caller.json(`/v1/candidates/${id}/canary`, { body: { share: 0.4 } })).status).toBe(400);
});

it("is the admin's alone", async () => {
  const gateway = createGateway();
  expect((await gateway.ask("/v1/candidates", { key: null })).status).toBe(401);
});
