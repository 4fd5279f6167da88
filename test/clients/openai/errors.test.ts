// The `openai` package's error classes, and how often it asks: a block is never asked again.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from "openai";
import { z } from "zod";
import { API_KEY, GATEWAY_URL } from "../gateway.ts";
import { FORBIDDEN_QUESTION, type ScriptName } from "../scripts.ts";
import { connect } from "./client.ts";

const innerErrorSchema = z.looseObject({
  innererror: z.looseObject({ code: z.string(), content_filter_result: z.looseObject({}) }),
});

async function failureOf(work: Promise<unknown>): Promise<APIError> {
  const caught = await work.then(
    () => null,
    (cause: unknown) => cause,
  );
  assert.ok(caught instanceof APIError, `no APIError but ${String(caught)}`);
  return caught;
}

describe("openai, errors", () => {
  for (const stream of [false, true]) {
    it(`a blocked input is one request, no model call, BadRequestError (stream: ${stream})`, async () => {
      const { client, question, requests, upstreamCalls } = connect();
      const messages = [{ role: "user" as const, content: `Now ${FORBIDDEN_QUESTION}.` }];
      const failure = await failureOf(client.chat.completions.create({ ...question("mild"), messages, stream }));
      assert.ok(failure instanceof BadRequestError);
      assert.deepEqual(
        [failure.status, failure.code, failure.type, failure.param],
        [400, "content_filter", "invalid_request_error", "messages"],
      );
      const { innererror } = innerErrorSchema.parse(failure.error);
      assert.equal(innererror.code, "ResponsibleAIPolicyViolation");
      assert.match(failure.requestID ?? "", /^req_/);
      assert.equal(requests(), 1);
      assert.equal(await upstreamCalls(), 0);
    });

    const statuses: readonly (readonly [ScriptName, number, abstract new (...values: never[]) => APIError])[] = [
      ["status-400", 400, BadRequestError],
      ["status-429", 429, RateLimitError],
      ["status-503", 502, InternalServerError],
    ];
    for (const [script, status, kind] of statuses) {
      it(`${script} of the model is ${status}, and the client does not ask again (stream: ${stream})`, async () => {
        const { client, question, requests, upstreamCalls } = connect();
        const failure = await failureOf(client.chat.completions.create({ ...question(script), stream }));
        assert.ok(failure instanceof kind);
        assert.equal(failure.status, status);
        // The gateway itself asks again, as often as SETBACK_UPSTREAM_ATTEMPTS says: here once in all.
        assert.equal(requests(), 1);
        assert.equal(await upstreamCalls(), 1);
      });
    }
  }

  it("a model that does not exist, a key that does not, a key that may not", async () => {
    const { client, question } = connect();
    const unknown = client.chat.completions.create({ ...question("mild"), model: "no-such-script" });
    assert.ok((await failureOf(unknown)) instanceof NotFoundError);
    const stranger = connect("sbk_invented");
    assert.ok((await failureOf(stranger.client.models.list())) instanceof AuthenticationError);
    const response = await fetch(`${GATEWAY_URL}/v1/keys`, {
      method: "POST",
      headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ name: "narrow", scopes: ["review"] }),
    });
    const { key } = z.looseObject({ key: z.string() }).parse(await response.json());
    const narrow = connect(key);
    assert.ok((await failureOf(narrow.client.models.list())) instanceof PermissionDeniedError);
    assert.deepEqual([stranger.requests(), narrow.requests()], [1, 1]);
  });

  it("a request that is none is BadRequestError, once", async () => {
    const { client, question, requests, upstreamCalls } = connect();
    const failure = await failureOf(client.chat.completions.create({ ...question("mild"), messages: [] }));
    assert.ok(failure instanceof BadRequestError);
    assert.equal(requests(), 1);
    assert.equal(await upstreamCalls(), 0);
  });
});
