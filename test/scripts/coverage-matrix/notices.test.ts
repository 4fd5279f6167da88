// The coverage matrix notices what is switched off. Law: an oracle that can't fail shows nothing.
import { describe, expect, it } from "vitest";
import { type Cell, nameOf } from "../../../scripts/coverage-matrix/cell.ts";
import { matrix, PLAIN } from "../../../scripts/coverage-matrix/cells.ts";
import type { Change } from "../../../scripts/coverage-matrix/gateway.ts";
import { moderationCells } from "../../../scripts/coverage-matrix/moderation.ts";
import { runCell } from "../../../scripts/coverage-matrix/run-cell.ts";
import type { FastGuardrail } from "../../../src/guardrail/guardrail.ts";
import type { AppServices } from "../../../src/middleware/app-services.ts";

function withFast(services: AppServices, change: (guardrail: FastGuardrail) => readonly FastGuardrail[]): AppServices {
  const { completion } = services;
  const guardrails = { ...completion.guardrails, fast: completion.guardrails.fast.flatMap(change) };
  return { ...services, completion: { ...completion, guardrails } };
}

const switchedOff: Change = (services) => withFast(services, () => []);

/** It says that nothing is wrong, without looking. */
const asleep: Change = (services) =>
  withFast(services, ({ id, version, sides, categories }) => [
    {
      ...{ id, version, sides, categories },
      check: (_, side) => ({
        guardrail: id,
        version,
        side,
        status: "pass",
        reason: null,
        score: null,
        threshold: null,
        latencyMilliseconds: null,
        rationale: null,
        findings: [],
      }),
    },
  ]);

/** Its pieces are read, but nothing of them is held. */
const holdsNothing: Change = (services) =>
  withFast(services, (guardrail) => [
    { ...guardrail, glimpse: ({ text }) => ({ findings: [], openFrom: text.length }) },
  ]);

const uncaptured: Change = (services) => {
  const nothing = async (): Promise<null> => await Promise.resolve(null);
  const capture = { mistake: nothing, attack: nothing, exchange: nothing };
  return { ...services, completion: { ...services.completion, capture } };
};

const mute: Change = (services) => {
  const logger = { info: () => undefined, error: () => undefined };
  return { ...services, logger, completion: { ...services.completion, logger } };
};

const asObserve: Change = (services) => {
  const policy = { ...services.completion.policy, stream_mode: "observe" as const };
  return { ...services, completion: { ...services.completion, policy } };
};

const failsOpen: Change = (services) => {
  const policy = { ...services.completion.policy, on_guardrail_error: "open" as const };
  return { ...services, completion: { ...services.completion, policy } };
};

const input: Cell = { ...PLAIN, side: "input" };

describe("a cell", () => {
  it.each<[string, Cell]>([
    ["hold_back", PLAIN],
    ["JSON", { ...PLAIN, delivery: "json", pieces: "whole" }],
    ["input", input],
    ["a guardrail that is down", { ...PLAIN, health: "down" }],
    ["observe", { ...PLAIN, delivery: "observe" }],
  ])("is good as things are: %s", async (_, cell) => {
    const { faults } = await runCell(cell);
    expect(faults).toEqual([]);
  });

  it.each<[string, Cell, Change, string]>([
    ["the guardrail is switched off: a stream", PLAIN, switchedOff, "characters of the span leaked"],
    [
      "the guardrail is switched off: JSON",
      { ...PLAIN, delivery: "json" },
      switchedOff,
      "characters of the span leaked",
    ],
    ["the guardrail is switched off: input", input, switchedOff, "status is 200, not 400"],
    ["the guardrail passes without looking", { ...PLAIN, action: "allow" }, asleep, "an answer left after 0 checks"],
    ["a stream holds nothing back", PLAIN, holdsNothing, "characters of the span leaked"],
    ["nothing is captured", PLAIN, uncaptured, "mistakes is , not block"],
    ["an attack is not captured", input, uncaptured, "attacks is 0, not 1"],
    ["a failure is not logged", { ...PLAIN, health: "down" }, mute, "alarm is false, not true"],
    ["the mode is another one", PLAIN, asObserve, "mode told is observe, not hold_back"],
    ["fail closed fails open", { ...PLAIN, health: "down" }, failsOpen, "error event is false, not true"],
  ])("fails where %s", async (_, cell, change, fault) => {
    const { faults } = await runCell(cell, change);
    expect(faults.join("\n")).toContain(fault);
  });
});

describe("moderations", () => {
  it("are noticed too", async () => {
    const results = await moderationCells(PLAIN, switchedOff);
    const failed = results.filter(({ faults }) => faults.length > 0);
    expect(failed.map(({ name }) => name)).toContain("output fast closed string flagged");
  });
});

describe("the cells", () => {
  const { cells, missing } = matrix();

  it("leave out no pair of values that can exist", () => {
    expect(missing).toEqual([]);
  });

  it("have each combination of side, delivery, action and failing guardrail", () => {
    const combinations = new Set(
      cells
        .filter(({ health }) => health === "down")
        .map(({ side, delivery, action, failure }) => `${side} ${delivery} ${action} ${failure}`),
    );
    expect(combinations.size).toBe(2 * 4 * 5 * 4);
  });

  it("are told apart by their names within a group", () => {
    const names = cells.map((cell) => `${cell.group} ${nameOf(cell)}`);
    expect(new Set(names).size).toBe(names.length);
  });
});
