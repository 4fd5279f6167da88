// A release as it is asked for.
import { expect, it } from "vitest";
import { releaseRequestSchema } from "../../src/wire/release.ts";

it("is incremental unless asked otherwise", () => {
  expect(releaseRequestSchema.parse({})).toEqual({ include_released: false });
  expect(releaseRequestSchema.parse({ include_released: true })).toEqual({ include_released: true });
});

it.each([{ include_released: "yes" }, { project_id: "prj_other" }])("refuses %j", (body) => {
  expect(releaseRequestSchema.safeParse(body).success).toBe(false);
});
