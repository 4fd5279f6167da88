// A release's building is one Workflow instance, named after it, so that it is never built twice at once.
import { introspectWorkflowInstance } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { D1ReleaseStore } from "../../../src/adapters/d1/d1-release-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { WorkflowReleaseBuilds } from "../../../src/adapters/workflow/workflow-release-builds.ts";
import { newProjectId, releaseOf } from "../../fixtures/records.ts";

it("starts the building of the release that it is given", async () => {
  const releases = new D1ReleaseStore(openDatabase(env.DB));
  const release = releaseOf(newProjectId());
  await releases.insert(release);
  const instance = await introspectWorkflowInstance(env.RELEASE_WORKFLOW, release.id);
  const builds = new WorkflowReleaseBuilds(env.RELEASE_WORKFLOW);
  await builds.start(release.projectId, release.id);
  await instance.waitForStatus("complete");
  await instance.dispose();
  expect(await releases.get(release.projectId, release.id)).toMatchObject({ status: "ready" });
});
