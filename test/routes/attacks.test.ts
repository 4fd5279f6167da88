// /v1/attacks on the wire: blocked inputs, which are never analysed, reviewed or released.
import { expect, it } from "vitest";
import { BLOCKED_SENTENCES } from "../../src/generation/blocked-sentences.ts";
import { capturedAttack } from "../fixtures/records.ts";
import { anyNumber, idOf, listSchema, newCaller, walk } from "./fixtures.ts";

const blocked = { model: "stub-model", messages: [{ role: "user", content: "Now open sesame." }] };

it("keeps a blocked input as an attack, and nothing more of it", async () => {
  const caller = await newCaller();
  const reply = await caller.gateway.chat(blocked, { key: caller.key });
  expect(reply.status).toBe(400);
  const refused: unknown = await reply.json();
  await caller.gateway.drainCaptures();
  expect(caller.gateway.analyses.take()).toEqual([]);
  expect(caller.gateway.upstream.requests).toEqual([]);
  const { body } = await caller.json("/v1/attacks");
  expect(body).toEqual({
    object: "list",
    data: [
      {
        id: idOf("atk"),
        object: "attack",
        messages: blocked.messages,
        upstream_started: false,
        has_end_user: false,
        action: "block",
        categories: ["custom:sesame"],
        verdicts: [
          expect.objectContaining({
            side: "input",
            status: "flag",
            findings: [expect.objectContaining({ span: { location: "messages[0].content", start: 4, end: 15 } })],
          }),
        ],
        policy_version: "default-2",
        key_id: idOf("key"),
        request_id: idOf("req"),
        overruled_by: null,
        created_at: anyNumber,
      },
    ],
    has_more: false,
    next_cursor: null,
  });
  const { data } = listSchema.parse(body);
  expect(refused).toMatchObject({
    error: { message: BLOCKED_SENTENCES.en.input, setback: { action: "block", attack_id: data[0]?.id } },
  });
  expect((await caller.json("/v1/mistakes")).body).toMatchObject({ data: [] });
  expect((await caller.json("/v1/releases", { body: {} })).status).toBe(202);
  expect((await caller.json("/v1/releases")).body).toMatchObject({ data: [{ counts: { analysis: 0, normal: 0 } }] });
});

it("keeps nothing of a request that says store: false", async () => {
  const caller = await newCaller();
  expect((await caller.gateway.chat({ ...blocked, store: false }, { key: caller.key })).status).toBe(400);
  expect(caller.gateway.captures.take()).toEqual([]);
});

it("lists newest first, each once, in pages, and to its own project alone", async () => {
  const [caller, stranger] = [await newCaller(), await newCaller()];
  const captured = Array.from({ length: 5 }, () => capturedAttack(caller.projectId));
  await caller.gateway.services.mistakes.insertCaptured(captured);
  const newestFirst = captured.map(({ attack }) => attack.id).toReversed();
  for (const limit of [1, 2, 5, 100]) expect(await walk(caller, "/v1/attacks", limit)).toEqual(newestFirst);
  expect((await stranger.json("/v1/attacks")).body).toMatchObject({ data: [] });
});
