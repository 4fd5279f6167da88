// Keys on the wire: strict on what we own.
import { expect, it } from "vitest";
import { SCOPES } from "../../src/access/key.ts";
import { keyRequestSchema, projectRequestSchema } from "../../src/wire/key.ts";

it("knows every scope", () => {
  expect(keyRequestSchema.parse({ name: " shop ", scopes: SCOPES })).toEqual({
    consent: null,
    name: "shop",
    scopes: SCOPES,
  });
});

it.each([
  ["no name", { scopes: ["chat"] }],
  ["a name of blanks", { name: "  ", scopes: ["chat"] }],
  ["a name beyond 100 characters", { name: "n".repeat(101), scopes: ["chat"] }],
  ["no scopes", { name: "shop", scopes: [] }],
  ["an unknown scope", { name: "shop", scopes: ["root"] }],
  ["an unknown key", { name: "shop", scopes: ["chat"], admin: true }],
])("refuses %s", (_name, body) => {
  expect(keyRequestSchema.safeParse(body).success).toBe(false);
});

it("refuses a project with an unknown key", () => {
  expect(projectRequestSchema.safeParse({ name: "two", id: "prj_mine" }).success).toBe(false);
});
