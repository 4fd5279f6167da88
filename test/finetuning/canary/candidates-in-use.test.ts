// What is known of a project's candidates while the store is there, and while it is not.
import { expect, it } from "vitest";
import { CandidateDirectory } from "../../../src/finetuning/canary/candidates-in-use.ts";
import { KeptLogger } from "../../fakes/kept-logger.ts";
import { candidateOf } from "../../fixtures/candidates.ts";

function setup() {
  const state = { now: 0, asked: 0, down: false, canary: candidateOf("prj_1", { state: "canary" }) };
  const logger = new KeptLogger();
  const inUse = async () => {
    state.asked += 1;
    if (state.down) throw new Error("the database is away");
    return await Promise.resolve({ promoted: null, canary: state.canary });
  };
  const directory = new CandidateDirectory({ candidates: { inUse }, clock: () => state.now, logger });
  return { state, logger, directory };
}

it("asks once in half a minute, and at once where it was told to forget", async () => {
  const { state, directory } = setup();
  await directory.inUse("prj_1");
  state.now = 29_999;
  await directory.inUse("prj_1");
  expect(state.asked).toBe(1);
  state.now = 30_000;
  await directory.inUse("prj_1");
  directory.forget("prj_1");
  await directory.inUse("prj_1");
  expect(state.asked).toBe(3);
});

it("goes on with what it knew while the store is away, and knows of no candidate where it knew nothing", async () => {
  const { state, directory, logger } = setup();
  const { canary } = await directory.inUse("prj_1");
  expect(canary).toEqual(state.canary);
  state.down = true;
  state.now = 31_000;
  expect((await directory.inUse("prj_1")).canary).toEqual(state.canary);
  expect(await directory.inUse("prj_2")).toEqual({ promoted: null, canary: null });
  expect(logger.of("candidates_unavailable")).toHaveLength(2);
});
