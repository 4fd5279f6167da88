// What reviewers may ask: strict on what we own.
import { expect, it } from "vitest";
import { bulkRequestSchema, reviewRequestSchema } from "../../src/routes/review-requests.ts";

it.each([
  { decision: "confirm" },
  { decision: "dismiss", comment: "It is a quotation." },
  {
    decision: "confirm",
    kind: "harmful",
    categories: ["S1", "custom:refund"],
    correction: "No.",
    reviewer: "安.ann@x",
  },
  { decision: "relabel", kind: "leaked" },
  { decision: "relabel", categories: ["S7"], lease_id: "lea_1" },
  { decision: "correct", correction: "We repair it." },
])("reads %j", (body) => {
  expect(reviewRequestSchema.parse(body)).toEqual(body);
});

it.each([
  ["no decision", {}],
  ["an unknown decision", { decision: "delete" }],
  ["a comment beyond 4,000 characters", { decision: "confirm", comment: "c".repeat(4_001) }],
  ["an unknown key", { decision: "confirm", weight: 9 }],
  ["a new label without one", { decision: "relabel", correction: "No." }],
  ["a correction without one", { decision: "correct", kind: "harmful" }],
  ["an unknown category", { decision: "relabel", categories: ["S99"] }],
  ["no category", { decision: "relabel", categories: [] }],
  ["an unknown kind", { decision: "relabel", kind: "bad" }],
  ["a reviewer of no letters", { decision: "confirm", reviewer: "a b\n" }],
])("refuses %s", (_name, body) => {
  expect(reviewRequestSchema.safeParse(body).success).toBe(false);
});

it.each([
  ["without the count", { until: "mis_1" }],
  ["without its end", { expected_count: 1 }],
  ["up to no mistake", { expected_count: 1, until: "x" }],
])("refuses a bulk %s", (_name, seen) => {
  const body = { filter: {}, decision: "confirm", dry_run: false, ...seen };
  expect(bulkRequestSchema.safeParse(body).success).toBe(false);
});

it("runs a bulk dry unless it is told otherwise", () => {
  expect(bulkRequestSchema.parse({ filter: {}, decision: "dismiss" })).toMatchObject({
    dry_run: true,
    filter: { state: "analysed" },
  });
});
