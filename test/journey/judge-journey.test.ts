// Judges with servers of their own, through the whole gateway: an upstream of purpose guardrail is added, asked, and vanishes.
// The named checks here are what `npm run mutation` expects to go red.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { webhookHeaders } from "../../src/lib/webhook-signature.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";
import { createGateway, type Gateway } from "../setup/gateway.ts";
import { problemOf } from "../setup/problem.ts";
import { completionOf } from "../setup/upstream.ts";

const QUESTION = { model: "m", messages: [{ role: "user", content: "How do I open a lock?" }] };
const KEY = "whsec_c2VjcmV0IG9mIHRoZSBndWFyZHJhaWw=";

interface Scene {
  readonly gateway: Gateway;
  /** what the guardrail's server was sent */
  readonly asked: Request[];
  readonly chats: Request[];
}

/** A gateway of a judge `keys`, and a project's key of which it is; the guardrail's server answers with `says`. */
async function sceneOf(
  keys: object,
  says: (body: string) => unknown,
): Promise<Scene & { readonly key: string; readonly id: string }> {
  const [asked, chats]: [Request[], Request[]] = [[], []];
  const network: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const isGuard = new URL(request.url).hostname === "guard.test";
    (isGuard ? asked : chats).push(request.clone());
    return Response.json(isGuard ? says(await request.text()) : completionOf({ content: "Use a key." }));
  };
  const { input, output } = DEFAULT_POLICY.actions;
  const judge = { id: "guard", sides: ["output"], run: "always", upstream: "the-guard", ...keys };
  const gateway = createGateway({
    upstream: { requests: [], headers: [], fetch: network },
    policy: { judges: [judge], actions: { input, output: { ...output, "custom:tool": "redact" } } },
    env: { SETBACK_ENCRYPTION_KEY: "an encryption key of this test" },
  });
  const made = await gateway.ask("/v1/projects", { body: { name: "judged" } });
  const { id: project } = z.looseObject({ id: z.string() }).parse(await made.json());
  const key = await gateway.ask("/v1/keys", { body: { name: "k", scopes: ["chat"], project_id: project } });
  const body = { name: "the-guard", purpose: "guardrail", url: "https://guard.test/v1", key: KEY, attempts: 1 };
  const added = await gateway.ask("/v1/upstreams", { body: { ...body, project_id: project } });
  expect(added.status).toBe(201);
  const again = await gateway.ask("/v1/upstreams", { body: { ...body, project_id: project } });
  expect(again.status).toBe(409);
  const { id } = z.looseObject({ id: z.string() }).parse(await added.json());
  const text = z.looseObject({ key: z.string() }).parse(await key.json()).key;
  return { gateway, asked, chats, key: text, id: `${id}?project_id=${project}` };
}

async function finishOf(reply: Response): Promise<string | null> {
  const choices = z.tuple([z.looseObject({ finish_reason: z.string().nullable() })]);
  return z.looseObject({ choices }).parse(await reply.json()).choices[0].finish_reason;
}

describe("a judge with a server of its own", () => {
  const llamaGuard = { type: "llama_guard", model: "llama-guard-3" };

  it("judge: what it calls unsafe is blocked, what it calls safe leaves", async () => {
    let said = "safe";
    const scene = await sceneOf(llamaGuard, () => completionOf({ content: said }));
    expect(await finishOf(await scene.gateway.chat(QUESTION, scene))).toBe("stop");
    said = "unsafe\nS2";
    expect(await finishOf(await scene.gateway.chat(QUESTION, scene))).toBe("content_filter");
    expect(scene.asked.map(({ url }) => url)).toEqual(Array(2).fill("https://guard.test/v1/chat/completions"));
    expect(scene.asked[0]?.headers.get("authorization")).toBe(`Bearer ${KEY}`);
    expect(await scene.asked[0]?.json()).toMatchObject({ model: "llama-guard-3", messages: [{ role: "user" }, {}] });
  });

  it("never answers a chat itself", async () => {
    const scene = await sceneOf(llamaGuard, () => completionOf({ content: "safe" }));
    await scene.gateway.chat(QUESTION, scene);
    expect(scene.chats.map(({ url }) => new URL(url).hostname)).toEqual(["upstream.test"]);
  });

  it("judge_reading: an answer whose judgement can't be read does not leave", async () => {
    const scene = await sceneOf(llamaGuard, () => completionOf({ content: "Safe, I would say." }));
    const reply = await scene.gateway.chat(QUESTION, scene);
    expect(reply.status).toBe(503);
    expect((await problemOf(reply)).code).toBe("guardrail_unavailable");
  });

  it("is unavailable after its upstream was removed", async () => {
    const scene = await sceneOf(llamaGuard, () => completionOf({ content: "safe" }));
    const removed = await scene.gateway.ask(`/v1/upstreams/${scene.id}`, { method: "DELETE" });
    expect(removed.status).toBe(200);
    const reply = await scene.gateway.chat(QUESTION, scene);
    expect([reply.status, (await problemOf(reply)).code]).toEqual([503, "guardrail_unavailable"]);
    expect(scene.asked).toEqual([]);
  });

  it("behind HTTP is sent signed requests, and can say which part is to be cut out", async () => {
    const finding = { category: "custom:tool", message: "names a tool", location: "content", start: 6, end: 9 };
    const scene = await sceneOf({ type: "http" }, (body) =>
      // What is cut out is checked again without it.
      body.includes("Use a key.") ? { flagged: true, findings: [finding] } : { flagged: false, findings: [] },
    );
    const reply = await (await scene.gateway.chat(QUESTION, scene)).text();
    expect(reply).toContain("Use a ");
    expect(reply).not.toContain("key");
    const [request] = scene.asked;
    const body = (await request?.text()) ?? "";
    const id = request?.headers.get("webhook-id") ?? "";
    const seconds = Number(request?.headers.get("webhook-timestamp"));
    const expected = await webhookHeaders({ id, body }, KEY, () => seconds * 1_000);
    expect(Object.fromEntries(request?.headers ?? [])).toMatchObject(expected);
    expect(request?.headers.get("authorization")).toBeNull();
  });
});
