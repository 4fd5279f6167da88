// Where a release's files lie: apart by project and release.
import { expect, it } from "vitest";
import { releaseContentType, releaseObjectKey } from "../../src/finetuning/release-objects.ts";

it("keeps projects and releases apart", () => {
  expect(releaseObjectKey("prj_1", "rel_1", "train.jsonl")).toBe("projects/prj_1/releases/rel_1/train.jsonl");
  expect(releaseContentType("manifest.json")).toBe("application/json");
  expect(releaseContentType("train.jsonl")).toContain("jsonl");
});
