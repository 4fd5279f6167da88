// A guardrail's server over HTTP: what is sent with which proof, what is tried again, and what is no answer.
import { describe, expect, it } from "vitest";
import { JsonEndpoint } from "../../../src/adapters/http/json-endpoint.ts";
import { webhookHeaders } from "../../../src/lib/webhook-signature.ts";
import type { JsonPost } from "../../../src/model/http-endpoint.ts";

const POST: JsonPost = { path: "/check", body: { text: "Hi 你" }, proof: "signature" };
const { signal } = new AbortController();
const NOW = 1_700_000_000_000;

interface Seen {
  readonly requests: Request[];
  readonly endpoint: JsonEndpoint;
}

function endpointOf(answers: readonly (() => Response)[], key: string | null = "whsec_c2VjcmV0"): Seen {
  const requests: Request[] = [];
  const endpoint = new JsonEndpoint({
    url: "https://guard.test/v1",
    key,
    ...{ timeoutMilliseconds: 1_000, attemptTimeoutMilliseconds: 500, attempts: 2, random: () => 0 },
    fetch: async (input, init) => {
      requests.push(new Request(input, init));
      if (init?.signal?.aborted === true) throw new Error("aborted");
      return await Promise.resolve(answers[requests.length - 1]?.() ?? Response.error());
    },
    clock: () => NOW,
    makeId: (prefix) => `${prefix}_1`,
  });
  return { requests, endpoint };
}

const fine = (): Response => Response.json({ flagged: false });

describe("JsonEndpoint", () => {
  it("signs what it sends, and does not send the key", async () => {
    const { requests, endpoint } = endpointOf([fine]);
    expect(await endpoint.post(POST, signal)).toEqual({ ok: true, value: { flagged: false } });
    const [request] = requests;
    expect([request?.method, request?.url, request?.redirect]).toEqual([
      "POST",
      "https://guard.test/v1/check",
      "manual",
    ]);
    const body = (await request?.text()) ?? "";
    expect(JSON.parse(body)).toEqual(POST.body);
    const expected = await webhookHeaders({ id: "msg_1", body }, "whsec_c2VjcmV0", () => NOW);
    const headers = Object.fromEntries(request?.headers ?? []);
    expect(headers).toMatchObject({ ...expected, "content-type": "application/json" });
    expect(JSON.stringify(headers)).not.toContain("c2VjcmV0");
    expect(headers["authorization"]).toBeUndefined();
  });

  it("sends nothing that it can't sign", async () => {
    const { requests, endpoint } = endpointOf([fine], null);
    expect(await endpoint.post(POST, signal)).toMatchObject({ ok: false, error: { code: "upstream_unavailable" } });
    expect(requests).toEqual([]);
  });

  it.each([
    ["sk-1", "Bearer sk-1"],
    [null, null],
  ])("sends the key %j as a bearer where the server wants that", async (key, header) => {
    const { requests, endpoint } = endpointOf([fine], key);
    expect((await endpoint.post({ ...POST, proof: "bearer" }, signal)).ok).toBe(true);
    expect(requests[0]?.headers.get("authorization")).toBe(header);
    expect(requests[0]?.headers.get("webhook-signature")).toBeNull();
  });

  it("tries again after a failure of the server, with the same id", async () => {
    const { requests, endpoint } = endpointOf([() => new Response("no", { status: 503 }), fine]);
    expect((await endpoint.post(POST, signal)).ok).toBe(true);
    expect(requests.map(({ headers }) => headers.get("webhook-id"))).toEqual(["msg_1", "msg_1"]);
  });

  it.each<[string, () => Response, number, string]>([
    ["a refusal", () => new Response("no", { status: 401 }), 1, "upstream_error"],
    [
      "a redirect",
      () => new Response(null, { status: 302, headers: { location: "https://else.test" } }),
      1,
      "upstream_error",
    ],
    ["a page", () => new Response("<html>"), 1, "upstream_invalid_response"],
    ["nothing", () => new Response(null), 1, "upstream_invalid_response"],
    ["half of it", () => new Response('{"flagged": fal'), 1, "upstream_invalid_response"],
    ["too much", () => new Response(`"${"a".repeat(1_000_001)}"`), 1, "upstream_invalid_response"],
    ["too deep", () => new Response("[".repeat(300) + "]".repeat(300)), 1, "upstream_invalid_response"],
    ["a failure twice", () => new Response("no", { status: 500 }), 2, "upstream_error"],
  ])("takes %s for no answer", async (_, answer, sent, code) => {
    const { requests, endpoint } = endpointOf([answer, answer]);
    expect(await endpoint.post(POST, signal)).toMatchObject({ ok: false, error: { code } });
    expect(requests).toHaveLength(sent);
  });

  it.each([200, 500])("stops reading an answer without end, of status %i", async (status) => {
    let [sent, isCancelled] = [0, false];
    const endless = (): Response =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull: (controller) => {
            sent += 1;
            // The test's own end, so that a reader without one fails and does not hang.
            if (sent > 100) controller.close();
            else controller.enqueue(new Uint8Array(100_000).fill(0x20));
          },
          cancel: () => {
            isCancelled = true;
          },
        }),
        { status },
      );
    const { endpoint } = endpointOf([endless, fine]);
    expect(await endpoint.post(POST, signal)).toMatchObject({ error: { code: "upstream_invalid_response" } });
    expect(isCancelled).toBe(true);
    expect(sent).toBeLessThan(15);
  });

  it("stops with its caller", async () => {
    const { endpoint } = endpointOf([fine]);
    const stopped = await endpoint.post(POST, AbortSignal.abort());
    expect(stopped).toMatchObject({ ok: false, error: { code: "client_closed_request" } });
  });
});
