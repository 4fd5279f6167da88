// What logs say of a caught value.
import { expect, it } from "vitest";
import { errorMessage } from "../../src/lib/error-message.ts";

it.each([
  [new TypeError("no such thing"), "TypeError: no such thing"],
  ["a text", "a text"],
  [null, "null"],
  [7, "7"],
])("says of %s what it is", (caught, message) => {
  expect(errorMessage(caught)).toBe(message);
});

it("leaves out the values of a failed query, and names its cause", () => {
  // drizzle-orm 0.45: DrizzleQueryError puts the query's parameters, texts of exchanges among them, into its message.
  const failure = new Error('Failed query: insert into "mistakes" values (?)\nparams: the words of a user', {
    cause: new Error("D1_ERROR: too many requests queued"),
  });
  const message = errorMessage(failure);
  expect(message).not.toContain("the words of a user");
  expect(message).toContain("D1_ERROR: too many requests queued");
});

it("stays short, and survives causes that go in a circle", () => {
  const failure = new Error("x".repeat(10_000));
  failure.cause = failure;
  expect(errorMessage(failure).length).toBeLessThan(1_000);
});
