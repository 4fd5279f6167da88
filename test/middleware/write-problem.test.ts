// The one writer of errors.
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { describe, expect, it } from "vitest";
import { loggedFields, writeProblem } from "../../src/middleware/write-problem.ts";
import { invalidRequest, ProblemError, type Problem } from "../../src/problem.ts";

const problem: Problem = {
  status: 429,
  type: "rate_limit_error",
  code: "slow_down",
  message: "Slow down.",
  param: null,
  details: { innererror: { code: "x" } },
  headers: { "x-should-retry": "false" },
  cause: new Error("the inner words"),
};

async function written(caught: Error): Promise<Response> {
  const app = new Hono()
    .get("/", () => {
      throw caught;
    })
    .onError(writeProblem);
  return await app.request("/");
}

describe("writeProblem", () => {
  it("writes all four keys and the details, with the problem's headers and without its cause", async () => {
    const reply = await written(new ProblemError(problem));
    expect(reply.status).toBe(429);
    expect(reply.headers.get("x-should-retry")).toBe("false");
    expect(reply.headers.get("content-type")).toBe("application/json");
    await expect(reply.json()).resolves.toEqual({
      error: {
        message: "Slow down.",
        type: "rate_limit_error",
        param: null,
        code: "slow_down",
        innererror: { code: "x" },
      },
    });
  });

  it.each([
    ["a body that is no JSON", new HTTPException(400, { message: "Malformed JSON" }), 400, "invalid_json"],
    ["anything else that hono throws", new HTTPException(418), 500, "internal_error"],
    ["anything else", new TypeError("the inner words"), 500, "internal_error"],
  ])("writes %s", async (_name, caught, status, code) => {
    const reply = await written(caught);
    expect(reply.status).toBe(status);
    const text = await reply.text();
    expect(JSON.parse(text)).toMatchObject({ error: { param: null, code } });
    expect(text).not.toContain("the inner words");
  });

  it("writes 499 for a client that went away", async () => {
    const reply = await written(new ProblemError({ ...problem, status: 499 }));
    expect(reply.status).toBe(499);
  });
});

describe("loggedFields", () => {
  it.each<[string, Problem, object]>([
    ["no cause", invalidRequest("No."), {}],
    ["an error", { ...problem, status: 502, cause: new TypeError("refused") }, { cause: "TypeError: refused" }],
    ["a word", { ...problem, cause: "judge" }, { cause: "judge" }],
    [
      "a body, which may hold texts",
      { ...problem, cause: { body: "the words of a user" } },
      { cause: "see the upstream's log" },
    ],
  ])("of %s", (_name, logged, expected) => {
    const { status, type, code } = logged;
    expect(loggedFields(new ProblemError(logged))).toEqual({ status, type, code, ...expected });
  });
});
