// A schema's first complaint, in the client's words.
import { expect, it } from "vitest";
import { z } from "zod";
import { firstIssue } from "../../src/wire/first-issue.ts";

const schema = z.strictObject({ a: z.object({ b: z.array(z.object({ c: z.string() })) }) });

it.each([
  ["a field", {}, "a"],
  ["a field deep within", { a: { b: [{ c: "x" }, { c: 1 }] } }, "a.b[1].c"],
  ["the whole body", "text", null],
  ["an unknown key", { a: { b: [] }, d: 1 }, null],
])("names %s", (_name, body, param) => {
  const parsed = schema.safeParse(body);
  if (parsed.success) throw new Error("it was meant to be refused");
  const problem = firstIssue(parsed.error);
  expect(problem).toMatchObject({ status: 400, type: "invalid_request_error", code: "invalid_request", param });
  expect(problem.message.startsWith(param === null ? "" : `${param}: `)).toBe(true);
});
