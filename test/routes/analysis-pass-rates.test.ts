// GET /v1/analyses/pass-rates: of the caller's project, for reviewers.
import { expect, it } from "vitest";
import { ANALYSIS, newCaller } from "./fixtures.ts";

it("says how often analyses pass, by prompt and model", async () => {
  const caller = await newCaller();
  expect(await caller.json("/v1/analyses/pass-rates")).toEqual({ status: 200, body: { object: "list", data: [] } });
  const id = await caller.makeMistake();
  const { body } = await caller.json(`/v1/mistakes/${id}`);
  expect(body).toMatchObject({ analyses: [{ text: ANALYSIS, quality: { passed: true } }] });
  const rate = {
    ...{ object: "analysis_pass_rate", prompt_version: "guided-analysis-en-1", model: "stub-model" },
    ...{ analyses: 1, passed: 1, attempts: 1, pass_rate: 1 },
  };
  expect((await caller.json("/v1/analyses/pass-rates")).body).toEqual({ object: "list", data: [rate] });
});

it("is closed to keys without the scope", async () => {
  const caller = await newCaller({}, ["chat"]);
  expect((await caller.json("/v1/analyses/pass-rates")).status).toBe(403);
});
