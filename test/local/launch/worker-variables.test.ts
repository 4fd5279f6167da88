// Proves which variables reach the Worker, and that the list is the Worker's own.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { WORKER_VARIABLES, workerVariables } from "../../../local/launch/worker-variables.ts";

const config = new URL("../../../src/config.ts", import.meta.url);

describe("workerVariables", () => {
  it("lets the environment win over .dev.vars, and leaves out what is empty or unknown", () => {
    const devVars = { SETBACK_ADMIN_KEY: "file", SETBACK_UPSTREAM_KEY: "file", OTHER: "x" };
    const environment = { SETBACK_ADMIN_KEY: "environment", SETBACK_POLICY: "", SETBACK_PORT: "1", HOME: "/" };
    expect(workerVariables(devVars, environment)).toEqual({
      SETBACK_ADMIN_KEY: "environment",
      SETBACK_UPSTREAM_KEY: "file",
    });
  });

  it("passes the credentials of upstreams, whatever they are called", () => {
    const devVars = { SETBACK_UPSTREAM_KEY_ONE: "file", SETBACK_UPSTREAM_KEY_TWO: "file" };
    const environment = { SETBACK_UPSTREAM_KEY_TWO: "environment", SETBACK_UPSTREAM_KEYS: "x" };
    expect(workerVariables(devVars, environment)).toEqual({
      SETBACK_UPSTREAM_KEY_ONE: "file",
      SETBACK_UPSTREAM_KEY_TWO: "environment",
    });
  });

  it.skipIf(!existsSync(config))("names every setting of src/config.ts", () => {
    const named = readFileSync(config, "utf8").match(/\bSETBACK_[A-Z_]+\b/g) ?? [];
    expect([...new Set(named)].filter((name) => !WORKER_VARIABLES.some((known) => known === name))).toEqual([]);
  });
});
