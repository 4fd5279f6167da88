// The wiring: what settings make of the services.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createServices } from "../src/services.ts";
import { DEFAULT_POLICY } from "../src/policy/policy.ts";
import { createGateway } from "./setup/gateway.ts";
import { problemOf } from "./setup/problem.ts";

const REQUEST = { model: "default", messages: [{ role: "user", content: "Hi" }] };

describe("createServices", () => {
  it("is unavailable without any model, and says what to set", async () => {
    const gateway = createGateway({ env: { SETBACK_UPSTREAM_URL: "" } });
    const reply = await gateway.chat(REQUEST);
    expect(reply.status).toBe(503);
    expect(reply.headers.get("x-should-retry")).toBe("false");
    const problem = await problemOf(reply);
    expect(problem.code).toBe("upstream_unavailable");
    expect(problem.message).toContain("SETBACK_UPSTREAM_URL");
  });

  it("takes the deployed model's name from its setting", async () => {
    const gateway = createGateway({ env: { SETBACK_UPSTREAM_MODEL: "stub-model" } });
    expect((await gateway.chat(REQUEST)).status).toBe(200);
    expect(gateway.upstream.requests[0]?.model).toBe("stub-model");
  });

  it("takes the policy from its setting, under a version of its own", () => {
    const { completion } = createServices({ ...env, SETBACK_POLICY: '{"store":false}' });
    expect(completion.policy).toEqual({ ...DEFAULT_POLICY, store: false, version: completion.policy.version });
    expect(completion.policy.version).toMatch(/^custom-[0-9a-f]{8}$/);
    const other = createServices({ ...env, SETBACK_POLICY: '{"store":true}' });
    expect(other.completion.policy.version).not.toBe(completion.policy.version);
  });

  it.each([
    ["SETBACK_UPSTREAM_URL", "localhost:8080"],
    ["SETBACK_POLICY", "{"],
    ["SETBACK_POLICY", '{"operator_rules":[{"id":"a","expression":"(","message":"m"}]}'],
  ] as const)("throws for %s=%s", (name, value) => {
    expect(() => createServices({ ...env, [name]: value })).toThrow(name);
  });

  it("has no operator's key unless one is set", async () => {
    const gateway = createGateway({ env: { SETBACK_ADMIN_KEY: "" } });
    expect((await gateway.ask("/v1/keys")).status).toBe(401);
  });
});
