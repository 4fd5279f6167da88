// What a failing upstream means for our client.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clientClosedRequest,
  upstreamInvalid,
  upstreamStatusProblem,
  upstreamTimeout,
  upstreamUnavailable,
  upstreamUnreachable,
} from "../../../src/adapters/upstream/upstream-problem.ts";

const BODY = JSON.stringify({ error: { message: "Too long.", type: "x", param: "messages", code: "too_long" } });

describe("upstreamStatusProblem", () => {
  it("passes on no secret that an upstream quotes", () => {
    const body = JSON.stringify({ error: { message: "Bad key AKIAQ3ZT7PLM2XW6KD5R for jane@example.org" } });
    expect(upstreamStatusProblem(400, body).message).toBe("Bad key [secret] for [email]");
  });

  it.each([
    [400, 400, "invalid_request_error"],
    [402, 402, "invalid_request_error"],
    [404, 404, "not_found_error"],
    [408, 408, "invalid_request_error"],
    [409, 409, "invalid_request_error"],
    [413, 413, "invalid_request_error"],
    [422, 422, "invalid_request_error"],
    [429, 429, "rate_limit_error"],
    [418, 400, "invalid_request_error"],
  ])("%i becomes %i, with the upstream's own words", (status, kept, type) => {
    expect(upstreamStatusProblem(status, BODY)).toMatchObject({
      status: kept,
      type,
      code: "too_long",
      message: "Too long.",
      param: "messages",
    });
  });

  it.each([
    [401, 401],
    [403, 403],
    [500, 502],
    [503, 502],
    [529, 502],
    [302, 502],
    [304, 502],
  ])("%i becomes %i, without the upstream's words", (status, kept) => {
    const problem = upstreamStatusProblem(status, BODY);
    expect(problem).toMatchObject({ status: kept, type: "upstream_error", code: "upstream_error", param: null });
    expect(problem.message).not.toContain("Too long");
  });

  it.each(["<html>Not found</html>", "", "null", '{"error":"no"}', '{"detail":"no"}'])(
    "answers for itself where the error's body is %j",
    (body) => {
      const { message, code } = upstreamStatusProblem(404, body);
      expect([message, code]).toEqual(["The model's server answered with status 404.", "upstream_error"]);
    },
  );

  it("has all four keys, a status of an error and no retry, whatever comes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.oneof(fc.string(), fc.json()), (status, body) => {
        const problem = upstreamStatusProblem(status, body);
        expect(problem.status).toBeGreaterThanOrEqual(400);
        expect([problem.message, problem.type, problem.code].every((text) => typeof text === "string")).toBe(true);
        expect(problem.headers).toEqual({ "x-should-retry": "false" });
      }),
    );
  });
});

it.each([
  [upstreamTimeout(50), 504, "upstream_timeout"],
  [upstreamUnreachable(new Error("refused")), 502, "upstream_unreachable"],
  [upstreamInvalid("no JSON"), 502, "upstream_invalid_response"],
  [upstreamUnavailable("No model."), 503, "upstream_unavailable"],
])("%j forbids a retry, since ours are spent", (problem, status, code) => {
  expect(problem).toMatchObject({ status, code, type: "upstream_error", headers: { "x-should-retry": "false" } });
});

it("calls a client that went away 499", () => {
  expect(clientClosedRequest()).toMatchObject({ status: 499, code: "client_closed_request" });
});
