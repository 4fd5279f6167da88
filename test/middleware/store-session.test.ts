// A session of the database for each request: bookmarks go out, come back, and begin the next session where the last one stood.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { AppServices } from "../../src/middleware/app-services.ts";
import { createGateway } from "../setup/gateway.ts";
import { problemOf } from "../setup/problem.ts";

const HEADER = "x-setback-bookmark";

/** A gateway, and where its sessions began. */
function observed(): { readonly gateway: ReturnType<typeof createGateway>; readonly starts: string[] } {
  const starts: string[] = [];
  const change = (services: AppServices): AppServices => ({
    ...services,
    openStores: (start) => {
      starts.push(start);
      return services.openStores(start);
    },
  });
  return { gateway: createGateway({ change }), starts };
}

describe("a session", () => {
  it("begins at the primary, and its bookmark is in the reply", async () => {
    const { gateway, starts } = observed();
    const reply = await gateway.ask("/v1/keys");
    expect(starts).toEqual(["first-primary"]);
    expect(reply.headers.get(HEADER)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]+)+$/);
  });

  it("begins where a write ended, and sees it", async () => {
    const { gateway, starts } = observed();
    const made = await gateway.ask("/v1/keys", { body: { name: "seen", scopes: ["chat"] } });
    const bookmark = made.headers.get(HEADER) ?? "";
    const { id } = await made.json<{ id: string }>();
    const listed = await gateway.ask("/v1/keys", { headers: { [HEADER]: bookmark } });
    expect(starts.at(-1)).toBe(bookmark);
    expect(await listed.text()).toContain(id);
  });

  it("reads anywhere for a caller who says so", async () => {
    const { gateway, starts } = observed();
    expect((await gateway.ask("/v1/mistakes", { headers: { [HEADER]: "first-unconstrained" } })).status).toBe(200);
    expect(starts).toEqual(["first-unconstrained"]);
  });

  it.each(["", " ", "x", "first-secondary", "00000001", "00000001-", `00000001${"-a".repeat(9)}`, "0000000g-1"])(
    "does not begin at %j",
    async (bookmark) => {
      const { gateway, starts } = observed();
      const reply = await gateway.ask("/v1/keys", { headers: { [HEADER]: bookmark } });
      expect(reply.status).toBe(400);
      expect((await problemOf(reply)).param).toBe(HEADER);
      expect(starts).toEqual([]);
    },
  );

  it("has a bookmark that D1 takes, whichever session gave it", async () => {
    const { gateway } = observed();
    for (const path of ["/v1/keys", "/v1/mistakes", "/v1/attacks", "/v1/releases", "/v1/usage"]) {
      const bookmark = (await gateway.ask(path)).headers.get(HEADER) ?? "";
      expect((await env.DB.withSession(bookmark).prepare("SELECT 1").all()).success).toBe(true);
      expect((await gateway.ask(path, { headers: { [HEADER]: bookmark } })).status).toBe(200);
    }
  });

  it("also carries what a release writes", async () => {
    const { gateway } = observed();
    const made = await gateway.ask("/v1/releases", { body: {} });
    expect(made.headers.get(HEADER)).toMatch(/^[0-9a-f]{8}-/);
  });

  it("is nothing that chat needs", async () => {
    const { gateway, starts } = observed();
    const messages = [{ role: "user", content: "Hello?" }];
    const reply = await gateway.chat({ model: "stub-model", messages });
    expect(reply.headers.get(HEADER)).toBeNull();
    expect(starts).toEqual([]);
  });
});
