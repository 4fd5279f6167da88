// Reviews on the wire: strict on what we own.
import { expect, it } from "vitest";
import { reviewRequestSchema } from "../../src/wire/mistake.ts";

it.each([{ decision: "confirm" }, { decision: "dismiss", comment: "It is a quotation." }])("reads %j", (body) => {
  expect(reviewRequestSchema.parse(body)).toEqual(body);
});

it.each([
  ["no decision", {}],
  ["an unknown decision", { decision: "delete" }],
  ["a comment beyond 4,000 characters", { decision: "confirm", comment: "c".repeat(4_001) }],
  ["an unknown key", { decision: "confirm", weight: 9 }],
])("refuses %s", (_name, body) => {
  expect(reviewRequestSchema.safeParse(body).success).toBe(false);
});
