// POST /v1/dead-letters/replay on real D1 and R2: the operator's alone; a page at a time; counts and no text.
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { createGateway } from "../setup/gateway.ts";
import { makeKey } from "../setup/keys.ts";
import { capturedMistake, newProjectId } from "../fixtures/records.ts";

const PATH = "/v1/dead-letters/replay";
const KEYS = ["dead-letters/a.json", "dead-letters/b.json"];

describe("replaying dead letters", () => {
  afterEach(async () => {
    await env.OBJECTS.delete(KEYS);
  });

  it("puts back what is readable, says what stays, and /health knows it", async () => {
    const gateway = createGateway();
    const project = newProjectId();
    const captured = capturedMistake(project);
    await env.OBJECTS.put("dead-letters/a.json", JSON.stringify(captured));
    await env.OBJECTS.put("dead-letters/b.json", "the words of a user");
    const rehearsed = await gateway.ask(PATH, { body: { dry_run: true } });
    expect(await rehearsed.json()).toMatchObject({ dry_run: true, replayed: 1, unreadable: 1, next: null });
    expect(await (await gateway.ask("/health")).json()).toMatchObject({ dead_letters: 2 });
    const first = await gateway.ask(PATH, { body: { limit: 1 } });
    expect(await first.json()).toEqual({
      object: "dead_letter_replay",
      dry_run: false,
      replayed: 1,
      unreadable: 0,
      refused: 0,
      next: "dead-letters/a.json",
    });
    const second = await gateway.ask(PATH, { body: { after: "dead-letters/a.json" } });
    expect(await second.text()).not.toContain("the words");
    expect(await (await gateway.ask("/health")).json()).toMatchObject({ status: "degraded", dead_letters: 1 });
    expect((await gateway.services.mistakes.get(project, captured.mistake.id))?.mistake.id).toBe(captured.mistake.id);
  });

  it.each([{ limit: 0 }, { limit: 101 }, { after: "spool/x" }, { dryrun: true }])("refuses %j", async (body) => {
    expect((await createGateway().ask(PATH, { body })).status).toBe(400);
  });

  it("is nobody's but the operator's", async () => {
    const gateway = createGateway();
    const { key } = await makeKey(gateway, "admin");
    expect((await gateway.ask(PATH, { body: {}, key })).status).toBe(403);
    expect((await gateway.ask(PATH, { body: {}, key: null })).status).toBe(401);
  });
});
