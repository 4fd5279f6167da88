// The one problem type.
import { expect, it } from "vitest";
import { err, ok } from "../src/lib/result.ts";
import { conflict, invalidRequest, notFound, ProblemError, unwrap } from "../src/problem.ts";

it("unwraps a value", () => {
  expect(unwrap(ok(1))).toBe(1);
});

it("throws a problem whole, its cause included", () => {
  const problem = { ...invalidRequest("No.", "messages"), cause: new Error("why") };
  const thrown = (): unknown => unwrap(err(problem));
  expect(thrown).toThrow(ProblemError);
  expect(thrown).toThrow(expect.objectContaining({ message: "No.", cause: problem.cause, problem }));
});

it.each([
  [invalidRequest("No."), { status: 400, type: "invalid_request_error", code: "invalid_request", param: null }],
  [notFound("mistake", "mis_1"), { status: 404, type: "not_found_error", code: "not_found", param: "id" }],
  [conflict("Too late."), { status: 409, type: "conflict_error", code: "conflict", param: null }],
])("%j has its status and type", (problem, expected) => {
  expect(problem).toMatchObject(expected);
});
