// /v1/mistakes on the wire: exactly the shapes, pages, filters, reviews, and nothing of another project.
import { describe, expect, it } from "vitest";
import { capturedMistake } from "../fixtures/records.ts";
import { ANALYSIS, ANSWER, anyNumber, anyText, errorSchema, idOf, listSchema, newCaller, walk } from "./fixtures.ts";

describe("GET /v1/mistakes", () => {
  it("shows a mistake whole", async () => {
    const caller = await newCaller();
    const id = await caller.makeMistake();
    const { status, body } = await caller.json(`/v1/mistakes/${id}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      id,
      object: "mistake",
      released_characters: 0,
      has_end_user: false,
      stream_mode: null,
      kind: "other",
      source: "production",
      state: "analysed",
      messages: [{ role: "user", content: "Can I return my lamp?" }],
      answer: ANSWER,
      answer_message: { role: "assistant", content: ANSWER },
      categories: ["custom:refund"],
      verdicts: [
        {
          guardrail: "phrase-custom:sesame",
          version: "1",
          side: "input",
          status: "pass",
          reason: null,
          score: null,
          threshold: null,
          latency_ms: null,
          rationale: null,
          findings: [],
        },
        {
          guardrail: "phrase-custom:refund",
          version: "1",
          side: "output",
          status: "flag",
          reason: null,
          score: null,
          threshold: null,
          latency_ms: null,
          rationale: null,
          findings: [
            {
              rule: "phrase",
              category: "custom:refund",
              span: { location: "content", start: ANSWER.indexOf("full"), end: ANSWER.indexOf("full") + 11 },
              message: "says what it should not say",
            },
          ],
        },
      ],
      analyses: [
        {
          id: idOf("ana"),
          object: "analysis",
          text: ANALYSIS,
          prompt_version: "guided-analysis-en-1",
          model: "stub-model",
          created_at: anyNumber,
          quality: { passed: true, faults: [] },
          attempts: 1,
          details: null,
          proposed_correction: null,
        },
      ],
      action: "block",
      correction: null,
      model: "stub-model",
      guidance_version: anyText,
      policy_version: "default-2",
      classifier_version: null,
      technique: null,
      key_id: idOf("key"),
      request_id: idOf("req"),
      completion_id: "chatcmpl-upstream",
      cluster: { id: idOf("clu"), size: 1 },
      quarantine: null,
      created_at: anyNumber,
    });
    expect((await caller.json("/v1/mistakes")).body).toEqual({
      object: "list",
      data: [body],
      has_more: false,
      next_cursor: null,
    });
  });

  it("lists newest first, each once, in pages", async () => {
    const caller = await newCaller();
    const captured = Array.from({ length: 5 }, () => capturedMistake(caller.projectId));
    await caller.gateway.services.mistakes.insertCaptured(captured);
    const newestFirst = captured.map(({ mistake }) => mistake.id).toReversed();
    for (const limit of [1, 2, 5, 100]) expect(await walk(caller, "/v1/mistakes", limit)).toEqual(newestFirst);
  });

  it("filters by state, source and kind", async () => {
    const caller = await newCaller();
    const wanted = capturedMistake(caller.projectId, { kind: "harmful", source: "import" });
    const others = [
      capturedMistake(caller.projectId, { kind: "harmful" }),
      capturedMistake(caller.projectId, { source: "import" }),
    ];
    await caller.gateway.services.mistakes.insertCaptured([wanted, ...others]);
    const { body } = await caller.json("/v1/mistakes?state=captured&source=import&kind=harmful");
    expect(listSchema.parse(body).data.map(({ id }) => id)).toEqual([wanted.mistake.id]);
    expect(listSchema.parse((await caller.json("/v1/mistakes?state=dismissed")).body).data).toEqual([]);
  });

  it.each([
    "limit=0",
    "limit=101",
    "limit=x",
    "limit=",
    "limit=1.5",
    "state=done",
    "source=me",
    "kind=bad",
    "quarantine=no",
    "cluster=",
    "cursor=",
  ])("refuses ?%s", async (query) => {
    const { status, body } = await (await newCaller()).json(`/v1/mistakes?${query}`);
    expect(status).toBe(400);
    expect(errorSchema.parse(body).error).toMatchObject({
      type: "invalid_request_error",
      param: query.slice(0, query.indexOf("=")),
    });
  });

  it("knows no other id", async () => {
    const { status, body } = await (await newCaller()).json("/v1/mistakes/mis_nothing");
    expect(status).toBe(404);
    expect(errorSchema.parse(body).error).toMatchObject({ type: "not_found_error", code: "not_found" });
  });
});

describe("POST /v1/mistakes/{id}/reviews", () => {
  it.each([
    ["confirm", "confirmed"],
    ["dismiss", "dismissed"],
  ])("%s makes it %s", async (decision, state) => {
    const caller = await newCaller();
    const id = await caller.makeMistake();
    const review = await caller.json(`/v1/mistakes/${id}/reviews`, {
      body: { decision, comment: "没错 ann@example.org" },
    });
    expect(review).toEqual({
      status: 201,
      body: {
        id: idOf("rev"),
        object: "review",
        mistake_id: id,
        decision,
        comment: "没错 [email]",
        ...{ by: "person", key_id: idOf("key"), reviewer: null, kind: null, categories: null, correction: null },
        ...{ standing: true, bulk_id: null, created_at: anyNumber },
        mistake: {
          state,
          confirmations: decision === "confirm" ? 1 : 0,
          dismissals: decision === "dismiss" ? 1 : 0,
          required: 1,
        },
      },
    });
    expect((await caller.json(`/v1/mistakes/${id}`)).body).toMatchObject({ state });
  });

  it("comes too late once a release holds the mistake", async () => {
    const caller = await newCaller();
    const id = await caller.makeMistake();
    await caller.json(`/v1/mistakes/${id}/reviews`, { body: { decision: "confirm" } });
    await caller.json("/v1/releases", { body: {} });
    const { status, body } = await caller.json(`/v1/mistakes/${id}/reviews`, { body: { decision: "dismiss" } });
    expect(status).toBe(409);
    expect(errorSchema.parse(body).error).toMatchObject({ type: "conflict_error", code: "conflict" });
    expect((await caller.json(`/v1/mistakes/${id}`)).body).toMatchObject({ state: "released" });
  });

  it.each([
    [{}, "decision"],
    [{ decision: "maybe" }, "decision"],
    [{ decision: "confirm", comment: "a".repeat(4_001) }, "comment"],
    [{ decision: "confirm", extra: 1 }, null],
    ["{", null],
    ["[]", null],
  ])("refuses %j and changes nothing", async (bad, param) => {
    const caller = await newCaller();
    const id = await caller.makeMistake();
    const { status, body } = await caller.json(`/v1/mistakes/${id}/reviews`, { body: bad });
    expect(status).toBe(400);
    expect(errorSchema.parse(body).error.param).toBe(param);
    expect((await caller.json(`/v1/mistakes/${id}`)).body).toMatchObject({ state: "analysed" });
  });

  it("knows no other id", async () => {
    const caller = await newCaller();
    expect((await caller.json("/v1/mistakes/mis_nothing/reviews", { body: { decision: "confirm" } })).status).toBe(404);
  });
});

it("shows nothing of another project, and reviews nothing of it", async () => {
  const [owner, stranger] = [await newCaller(), await newCaller()];
  const id = await owner.makeMistake();
  expect((await stranger.json("/v1/mistakes")).body).toMatchObject({ data: [] });
  expect((await stranger.json(`/v1/mistakes/${id}`)).status).toBe(404);
  expect((await stranger.json(`/v1/mistakes/${id}/reviews`, { body: { decision: "dismiss" } })).status).toBe(404);
  expect((await owner.json(`/v1/mistakes/${id}`)).body).toMatchObject({ state: "analysed" });
});

it.each([
  ["chat", 403],
  ["feedback", 403],
  ["release", 403],
  ["review", 200],
  ["admin", 200],
])("with a key of scope %s lists with %d", async (scope, status) => {
  const caller = await newCaller({}, [scope]);
  expect((await caller.json("/v1/mistakes")).status).toBe(status);
  expect((await caller.json("/v1/attacks")).status).toBe(status);
});
