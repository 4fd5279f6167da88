// GET /docs and /openapi.json: what there is, for people and machines.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createGateway } from "../setup/gateway.ts";

const gateway = createGateway();
const documentSchema = z.looseObject({
  openapi: z.literal("3.1.0"),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        summary: z.string(),
        responses: z.record(z.string(), z.looseObject({ description: z.string() })),
      }),
    ),
  ),
  components: z.looseObject({
    schemas: z.record(z.string(), z.unknown()),
    securitySchemes: z.looseObject({ key: z.unknown() }),
  }),
});

async function openApi(): Promise<z.infer<typeof documentSchema>> {
  return documentSchema.parse(await (await gateway.ask("/openapi.json", { key: null })).json());
}

describe("/openapi.json", () => {
  it("tells of every route what it does and what it answers, errors included", async () => {
    for (const [path, methods] of Object.entries((await openApi()).paths)) {
      for (const { summary, responses } of Object.values(methods)) {
        expect(summary.length).toBeGreaterThan(5);
        if (path.startsWith("/v1/")) expect(Object.keys(responses)).toEqual(expect.arrayContaining(["401", "403"]));
      }
    }
  });

  it("refers to nothing that it does not hold", async () => {
    const document = await openApi();
    const references = JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    const named = [...references].map(([, name]) => name ?? "");
    expect(named.length).toBeGreaterThan(0);
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(named));
  });
});

describe("/docs", () => {
  it("names every route of the document", async () => {
    const page = await (await gateway.ask("/docs", { key: null })).text();
    for (const path of Object.keys((await openApi()).paths)) expect(page).toContain(path);
  });

  it("is a page without scripts, under a policy that would stop them", async () => {
    const reply = await gateway.ask("/docs", { key: null });
    expect(reply.headers.get("content-type")).toContain("text/html");
    expect(reply.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await reply.text()).not.toMatch(/<script|javascript:|https?:\/\//i);
  });

  it("is where / leads", async () => {
    const reply = await gateway.ask("/", { key: null });
    expect([reply.status, reply.headers.get("location")]).toEqual([302, "/docs"]);
  });
});
