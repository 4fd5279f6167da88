// The application whole: which key opens which route, what every reply has, and what is not there.
import { describe, expect, it, vi } from "vitest";
import { env } from "cloudflare:workers";
import { z } from "zod";
import { SCOPES, type Scope } from "../src/access/key.ts";
import { createApp } from "../src/app.ts";
import { ProblemError, invalidRequest } from "../src/problem.ts";
import { createGateway } from "./setup/gateway.ts";
import { makeKey } from "./setup/keys.ts";
import { problemOf } from "./setup/problem.ts";

/** Every documented route and the scope that opens it; null is public. A new route must be written down here. */
const ROUTES: Readonly<Record<string, Scope | null>> = {
  "post /v1/chat/completions": "chat",
  "get /v1/models": "chat",
  "post /v1/moderations": "chat",
  "get /v1/mistakes": "review",
  "get /v1/mistakes/{id}": "review",
  "post /v1/mistakes/{id}/reviews": "review",
  "get /v1/analyses/pass-rates": "review",
  "get /v1/attacks": "review",
  "post /v1/mistakes/{id}/overrule": "review",
  "post /v1/attacks/{id}/overrule": "review",
  "get /v1/overrules": "review",
  "delete /v1/overrules/{id}": "review",
  "get /v1/verdicts/{id}": "review",
  "post /v1/releases": "release",
  "get /v1/releases": "release",
  "get /v1/releases/{id}": "release",
  "get /v1/releases/{id}/files/{name}": "release",
  "get /v1/releases/{id}/files/{name}/url": "release",
  "get /v1/releases/{id}/lint": "release",
  "post /v1/keys": "admin",
  "get /v1/keys": "admin",
  "delete /v1/keys/{id}": "admin",
  "post /v1/projects": "admin",
  "post /v1/upstreams": "admin",
  "get /v1/upstreams": "admin",
  "patch /v1/upstreams/{id}": "admin",
  "delete /v1/upstreams/{id}": "admin",
  "get /v1/usage": "admin",
  "post /v1/inductions": "admin",
  "get /v1/inductions": "admin",
  "get /v1/inductions/{id}": "admin",
  "post /v1/inductions/{id}/cancel": "admin",
  "post /v1/candidates": "admin",
  "get /v1/candidates": "admin",
  "get /v1/candidates/{id}": "admin",
  "post /v1/candidates/{id}/canary": "admin",
  "post /v1/candidates/{id}/promote": "admin",
  "post /v1/candidates/{id}/rollback": "admin",
  "post /v1/policies": "admin",
  "get /v1/policies": "admin",
  "get /v1/policies/schema": "admin",
  "get /v1/policies/{id}": "admin",
  "post /v1/policies/{id}/activate": "admin",
  "post /v1/policies/{id}/test": "admin",
  "get /v1/monitor": "admin",
  "post /v1/monitor": "admin",
  "get /v1/audit": "admin",
  "post /v1/dead-letters/replay": "admin",
  "get /v1/clusters": "review",
  "get /v1/examples": "release",
  "get /v1/feedback": "review",
  "post /v1/feedback": "feedback",
  "post /v1/audits": "review",
  "post /v1/mistakes/import": "admin",
  "get /v1/mistakes/{id}/reviews": "review",
  "post /v1/mistakes/{id}/reopen": "review",
  "get /v1/reviews/queue": "review",
  "delete /v1/reviews/queue/{id}/lease": "admin",
  "post /v1/reviews/claim": "review",
  "post /v1/reviews/leases/{id}/renew": "review",
  "delete /v1/reviews/leases/{id}": "review",
  "post /v1/reviews/bulk": "review",
  "get /v1/thresholds/suggestions": "review",
  "get /v1/access-log": "admin",
  "delete /v1/subjects/{id}": "admin",
  "post /v1/subjects/erase": "admin",
  "get /v1/subjects/erasures": "admin",
  "get /health": null,
};

const gateway = createGateway();
const locked = Object.entries(ROUTES).flatMap(([route, scope]) => {
  const [method = "", path = ""] = route.split(" ");
  const filled = path.replace("{id}", "x_1").replace("{name}", "train.jsonl");
  return scope === null ? [] : [{ route, scope, path: filled, method: method.toUpperCase() }];
});

const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ security: z.array(z.unknown()).optional() }))),
});

describe("keys and scopes", () => {
  it("are written down here for every documented route, and documented alike", async () => {
    const { paths } = documentSchema.parse(await (await gateway.ask("/openapi.json", { key: null })).json());
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => [`${method} ${path}`, security !== undefined] as const),
    );
    const expected = Object.entries(ROUTES).map(([route, scope]) => [route, scope !== null] as const);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(expected));
  });

  it.each(locked)("$route refuses no key and a wrong key", async ({ path, method }) => {
    for (const [key, code] of [
      [null, "missing_key"],
      ["sbk_invented", "invalid_key"],
    ] as const) {
      const reply = await gateway.ask(path, { method, key, ...(method === "POST" ? { body: "{" } : {}) });
      expect(reply.status).toBe(401);
      expect(reply.headers.get("www-authenticate")).toBe("Bearer");
      expect((await problemOf(reply)).code).toBe(code);
    }
  });

  it.each(locked)("$route opens to the scope $scope and admin alone", async ({ path, method, scope }) => {
    for (const each of SCOPES) {
      const { key } = await makeKey(gateway, each);
      const reply = await gateway.ask(path, { method, key, ...(method === "POST" ? { body: "{" } : {}) });
      // Some are for the operator's own key alone, which no scope gives.
      if (each === scope || each === "admin") {
        if (reply.status === 403) expect((await problemOf(reply)).code).toBe("operator_only");
      } else {
        expect(reply.status).toBe(403);
        expect((await problemOf(reply)).code).toBe("missing_scope");
      }
    }
  });

  it.each(["/health", "/openapi.json", "/docs", "/"])("%s needs none", async (path) => {
    expect((await gateway.ask(path, { key: null })).status).toBeLessThan(400);
  });
});

describe("what is not there", () => {
  it.each([
    ["GET", "/nowhere"],
    ["GET", "/v1"],
    ["GET", "/v1/nowhere"],
    ["GET", "/v1/chat/completions"],
    ["DELETE", "/v1/models"],
    ["GET", "/v1/models/"],
    ["PUT", "/v1/keys/key_1"],
  ])("%s %s is 404", async (method, path) => {
    const reply = await gateway.ask(path, { method });
    expect(reply.status).toBe(404);
    expect(await problemOf(reply)).toMatchObject({ type: "not_found_error", code: "unknown_path", param: null });
  });
});

describe("every reply", () => {
  it("has an id of ours, never the client's", async () => {
    const ids = await Promise.all(
      ["/health", "/docs", "/", "/openapi.json", "/v1/models", "/v1/keys", "/nowhere"].map(async (path) => {
        const reply = await gateway.ask(path, { headers: { "x-request-id": "mine" } });
        return reply.headers.get("x-request-id");
      }),
    );
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^req_[0-9a-z]{25}$/);
  });
});

describe("an unexpected failure", () => {
  it("is 500 without its cause, which the log has", async () => {
    const lines: string[] = [];
    const broken = createGateway({
      change: (services) => ({
        ...services,
        openStores: (start) => ({
          ...services.openStores(start),
          keys: { ...services.keys, listKeys: async () => await Promise.reject(new Error("the inner words")) },
        }),
        logger: { info: () => undefined, error: (event, fields) => lines.push(JSON.stringify({ event, ...fields })) },
      }),
    });
    const reply = await broken.ask("/v1/keys");
    expect(reply.status).toBe(500);
    const problem = await problemOf(reply);
    expect(problem).toMatchObject({ type: "server_error", code: "internal_error" });
    expect(JSON.stringify(problem)).not.toContain("the inner words");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("the inner words");
    expect(lines[0]).toContain(reply.headers.get("x-request-id"));
  });
});

describe("settings that can't be used", () => {
  it.each([
    [
      "a bad policy",
      new ProblemError(invalidRequest("SETBACK_POLICY is no JSON.", "SETBACK_POLICY", "invalid_policy")),
      "invalid_policy",
    ],
    ["anything else", new TypeError("the inner words"), "internal_error"],
  ])("are a clear 500 on every route, and logged: %s", async (_name, failure, code) => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const app = createApp(() => {
      throw failure;
    });
    for (const path of ["/health", "/v1/models", "/nowhere"]) {
      const reply = await app.fetch(new Request(`http://gateway.test${path}`), env);
      expect(reply.status).toBe(500);
      expect(reply.headers.get("x-request-id")).toMatch(/.{20,}/);
      const text = await reply.text();
      expect(JSON.parse(text)).toMatchObject({ error: { type: "server_error", code } });
      expect(text).not.toContain("the inner words");
    }
    expect(log).toHaveBeenCalledTimes(3);
    log.mockRestore();
  });
});
