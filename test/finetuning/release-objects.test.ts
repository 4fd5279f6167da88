// Where a release's files lie: apart by project and release.
import { expect, it } from "vitest";
import { releaseContentType, releaseObjectKey } from "../../src/finetuning/release-objects.ts";

it("keeps projects and releases apart", () => {
  const release = { projectId: "prj_1", id: "rel_1", revision: null };
  expect(releaseObjectKey(release, "train.jsonl")).toBe("projects/prj_1/releases/rel_1/train.jsonl");
  const rewritten = { ...release, revision: "rvs_1" };
  expect(releaseObjectKey(rewritten, "train.jsonl")).toBe("projects/prj_1/releases/rel_1/rvs_1/train.jsonl");
  expect(releaseContentType("manifest.json")).toBe("application/json");
  expect(releaseContentType("train.jsonl")).toContain("jsonl");
});
