// Holds docs/policy.md against the schema: a key that is not told there can't be found, and a told one that is gone misleads.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { judgeSchema } from "../../src/policy/judge-policy.ts";
import { policySchema } from "../../src/policy/policy.ts";

const document = readFileSync(new URL("../../docs/policy.md", import.meta.url), "utf8");

/** What stands in the first cells of its tables. */
const toldKeys = document
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .flatMap((line) => [...(line.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, key]) => key));

const judgeKeys = [...new Set(judgeSchema.options.flatMap((judge) => Object.keys(judge.shape)))];

describe("docs/policy.md", () => {
  it.each(Object.keys(policySchema.shape))("tells the key %s", (key) => {
    expect(toldKeys).toContain(key);
  });

  it.each(judgeKeys)("tells the judges' key %s", (key) => {
    expect(document).toContain(`\`${key}\``);
  });

  it("tells no key that does not exist", () => {
    expect(
      toldKeys.filter((key) => key !== undefined && !(key in policySchema.shape) && !judgeKeys.includes(key)),
    ).toEqual([]);
  });

  it.each(judgeSchema.options.map((judge) => judge.shape.type.value))("tells the judge %s", (type) => {
    expect(document).toContain(`\`${type}\``);
  });
});
