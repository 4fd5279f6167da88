// The chat model over HTTP: what it sends, what it retries, when it gives up, and what it makes of a broken server.
import { describe, expect, it } from "vitest";
import { OpenAIChatModel, type OpenAIChatModelOptions } from "../../../src/adapters/openai/openai-chat-model.ts";
import type { Result } from "../../../src/lib/result.ts";
import type { Problem } from "../../../src/problem.ts";
import type { ChatCompletion, ChatRequest } from "../../../src/wire/chat-completion.ts";
import { completionOf, scriptedUpstream, UPSTREAM_URL, type Answer, type Upstream } from "../../setup/upstream.ts";

const REQUEST: ChatRequest = { model: "m", messages: [{ role: "user", content: "Hi" }] };
const GOOD: Answer = () => Response.json(completionOf({ content: "Hello." }));
const OFFLINE: Answer = () => {
  throw new TypeError("connection refused");
};
/** Hangs until its request is stopped, as fetch does. */
const HANGING: Answer = async (_, signal) =>
  await new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => {
      reject(new DOMException("The operation was aborted", "AbortError"));
    });
  });

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  () =>
    new Response(JSON.stringify({ error: { message: "no" } }), { status: code, headers });

function modelOver(upstream: Upstream, options: Partial<OpenAIChatModelOptions> = {}): OpenAIChatModel {
  return new OpenAIChatModel({
    url: UPSTREAM_URL,
    key: "secret-of-the-upstream",
    timeoutMilliseconds: 5_000,
    attemptTimeoutMilliseconds: 5_000,
    idleMilliseconds: 5_000,
    attempts: 3,
    random: () => 0,
    ...options,
    fetch: options.fetch ?? upstream.fetch,
  });
}

async function complete(
  upstream: Upstream,
  options: Partial<OpenAIChatModelOptions> = {},
  signal = new AbortController().signal,
): Promise<Result<ChatCompletion, Problem>> {
  return await modelOver(upstream, options).complete(REQUEST, signal);
}

function outcome(result: Result<ChatCompletion, Problem>): string | null | undefined {
  return result.ok ? result.value.choices[0]?.message.content : result.error.code;
}

describe("what is sent", () => {
  it("is the request with its unknown fields, whole and not as a stream", async () => {
    const upstream = scriptedUpstream(GOOD);
    const request = { ...REQUEST, stream: true, stream_options: { include_usage: true }, top_k: 4 };
    await modelOver(upstream).complete(request, new AbortController().signal);
    expect(upstream.requests).toEqual([{ ...REQUEST, top_k: 4 }]);
  });

  it("carries the credentials in their header alone", async () => {
    const sent: Request[] = [];
    const upstream = scriptedUpstream(GOOD);
    const fetch: typeof globalThis.fetch = async (input, init) => {
      sent.push(new Request(input, init));
      return await upstream.fetch(input, init);
    };
    const model = modelOver(upstream, { fetch });
    await model.complete(REQUEST, new AbortController().signal);
    await model.models(new AbortController().signal);
    expect(sent.map(({ method, url }) => [method, url])).toEqual([
      ["POST", `${UPSTREAM_URL}/chat/completions`],
      ["GET", `${UPSTREAM_URL}/models`],
    ]);
    for (const request of sent) {
      expect(request.headers.get("authorization")).toBe("Bearer secret-of-the-upstream");
      const others = [...request.headers].filter(([name]) => name !== "authorization");
      expect(JSON.stringify([request.url, others, await request.text()])).not.toContain("secret-of-the-upstream");
    }
  });

  it("carries none where none are set", async () => {
    const upstream = scriptedUpstream(GOOD);
    await complete(upstream, { key: null });
    expect(upstream.headers[0]?.has("authorization")).toBe(false);
  });
});

describe("retries", () => {
  it.each<[string, Answer[], number, string]>([
    ["not after an answer", [GOOD], 1, "Hello."],
    ["after 429", [status(429), GOOD], 2, "Hello."],
    ["after 500", [status(500), GOOD], 2, "Hello."],
    ["after 503, twice", [status(503), status(503), GOOD], 3, "Hello."],
    ["after a network error", [OFFLINE, GOOD], 2, "Hello."],
    ["until the attempts are spent", [status(500)], 3, "upstream_error"],
    ["a network error until the attempts are spent", [OFFLINE], 3, "upstream_unreachable"],
    ["not after 400", [status(400), GOOD], 1, "upstream_error"],
    ["not after 401", [status(401), GOOD], 1, "upstream_error"],
    ["not after 404", [status(404), GOOD], 1, "upstream_error"],
    ["not after 408", [status(408), GOOD], 1, "upstream_error"],
    ["not after 409", [status(409), GOOD], 1, "upstream_error"],
    ["not after 422", [status(422), GOOD], 1, "upstream_error"],
  ])("%s", async (_name, answers, calls, expected) => {
    const upstream = scriptedUpstream(...answers);
    expect(outcome(await complete(upstream))).toBe(expected);
    expect(upstream.requests).toHaveLength(calls);
  });

  it.each([1, 2, 6])("sends at most %i requests", async (attempts) => {
    const upstream = scriptedUpstream(status(500));
    await complete(upstream, { attempts });
    expect(upstream.requests).toHaveLength(attempts);
  });

  it("waits as long as Retry-After says", async () => {
    const upstream = scriptedUpstream(status(429, { "retry-after": "0.2" }), GOOD);
    const before = Date.now();
    expect(outcome(await complete(upstream))).toBe("Hello.");
    expect(Date.now() - before).toBeGreaterThanOrEqual(190);
  });

  it("reports the last failure, and that ours are spent", async () => {
    const result = await complete(scriptedUpstream(status(503), OFFLINE, status(429)));
    expect(result).toMatchObject({ error: { status: 429, headers: { "x-should-retry": "false" } } });
  });
});

describe("stopping", () => {
  it("ends a hanging server by one deadline over all attempts", async () => {
    const upstream = scriptedUpstream(status(500), HANGING);
    const before = Date.now();
    const result = await complete(upstream, { timeoutMilliseconds: 60 });
    expect(result).toMatchObject({ error: { status: 504, code: "upstream_timeout" } });
    expect(upstream.requests).toHaveLength(2);
    expect(Date.now() - before).toBeLessThan(1_000);
  });

  it("does not wait beyond the deadline for a Retry-After", async () => {
    const upstream = scriptedUpstream(status(429, { "retry-after": "5" }), GOOD);
    const before = Date.now();
    expect(outcome(await complete(upstream, { timeoutMilliseconds: 50 }))).toBe("upstream_timeout");
    expect(Date.now() - before).toBeLessThan(1_000);
    expect(upstream.requests).toHaveLength(1);
  });

  it("ends a body that never ends", async () => {
    const endless: Answer = (_, signal) =>
      new Response(
        new ReadableStream({
          start: (controller) => {
            controller.enqueue(new TextEncoder().encode('{"id":"1",'));
            signal.addEventListener("abort", () => {
              controller.error(new DOMException("The operation was aborted", "AbortError"));
            });
          },
        }),
      );
    expect(outcome(await complete(scriptedUpstream(endless), { timeoutMilliseconds: 50 }))).toBe("upstream_timeout");
  });

  it("ends with its client, in the middle of a request", async () => {
    const client = new AbortController();
    const upstream = scriptedUpstream(async (request, signal) => {
      queueMicrotask(() => {
        client.abort();
      });
      return await HANGING(request, signal);
    });
    expect(outcome(await complete(upstream, {}, client.signal))).toBe("client_closed_request");
    expect(upstream.requests).toHaveLength(1);
  });

  it("ends with its client, before a pause", async () => {
    const client = new AbortController();
    const upstream = scriptedUpstream(() => {
      client.abort();
      return status(500, { "retry-after": "5" })(REQUEST, client.signal);
    });
    const before = Date.now();
    expect(outcome(await complete(upstream, {}, client.signal))).toBe("client_closed_request");
    expect(Date.now() - before).toBeLessThan(1_000);
    expect(upstream.requests).toHaveLength(1);
  });
});

describe("a broken server", () => {
  it.each<[string, Answer]>([
    ["no JSON", () => new Response("<html>the words of the model</html>")],
    ["truncated JSON", () => new Response(JSON.stringify(completionOf({ content: "Hello." })).slice(0, -10))],
    ["an empty body", () => new Response("")],
    ["a JSON of another shape", () => Response.json({ answer: "Hello." })],
    ["an error with status 200", () => Response.json({ error: { message: "no" } })],
    ["no choices", () => Response.json(completionOf())],
    ["null", () => Response.json(null)],
    [
      "a body that breaks off",
      () =>
        new Response(
          new ReadableStream({
            pull: (controller) => {
              controller.error(new Error("reset"));
            },
          }),
        ),
    ],
    [
      "a body nested beyond any need",
      () => new Response(`{"id":"1","model":"m","x":${"[".repeat(50_000)}${"]".repeat(50_000)}}`),
    ],
  ])("that sends %s is 502, asked once, and quoted nowhere", async (_name, answer) => {
    const upstream = scriptedUpstream(answer, GOOD);
    const result = await complete(upstream);
    expect(result).toMatchObject({ ok: false, error: { status: 502, code: "upstream_invalid_response" } });
    expect(upstream.requests).toHaveLength(1);
    if (!result.ok) expect(`${JSON.stringify(result.error)}${String(result.error.cause)}`).not.toContain("the words");
  });

  it("that redirects is not followed, since the credentials would go along", async () => {
    const asked: (string | undefined)[] = [];
    const fetch: typeof globalThis.fetch = async (_input, init) => {
      asked.push(init?.redirect);
      return await Promise.resolve(
        new Response(null, { status: 307, headers: { location: "https://elsewhere.test" } }),
      );
    };
    const result = await complete(scriptedUpstream(GOOD), { fetch });
    expect(result).toMatchObject({ ok: false, error: { status: 502, code: "upstream_error" } });
    expect(asked).toEqual(["manual"]);
  });
});

describe("models", () => {
  it("lists what the server has", async () => {
    await expect(modelOver(scriptedUpstream(GOOD)).models(new AbortController().signal)).resolves.toEqual({
      ok: true,
      value: { object: "list", data: [{ id: "stub-model", object: "model" }] },
    });
  });

  it("is 502 where the server has no such list", async () => {
    const fetch: typeof globalThis.fetch = async () => await Promise.resolve(Response.json(["m"]));
    const listed = await modelOver(scriptedUpstream(GOOD), { fetch }).models(new AbortController().signal);
    expect(listed).toMatchObject({ ok: false, error: { status: 502 } });
  });
});
