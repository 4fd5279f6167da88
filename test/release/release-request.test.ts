// A release as it is asked for.
import { expect, it } from "vitest";
import { DEFAULT_RELEASE_OPTIONS } from "../../src/release/release.ts";
import { releaseOptions, releaseRequestSchema } from "../../src/release/release-request.ts";

it("is incremental, and in OpenAI's chat format alone, unless asked otherwise", () => {
  const request = releaseRequestSchema.parse({});
  expect(request.include_released).toBe(false);
  expect(releaseOptions(request)).toEqual(DEFAULT_RELEASE_OPTIONS);
  expect(releaseRequestSchema.parse({ include_released: true }).include_released).toBe(true);
});

it("takes formats in their own order, each once, and leaves out what is not weighed", () => {
  const request = releaseRequestSchema.parse({
    formats: ["trl_dpo", "openai_chat", "trl_dpo"],
    weights: { import: 0.5 },
    holdout: { topics: ["bread"] },
  });
  expect(releaseOptions(request)).toMatchObject({
    formats: ["openai_chat", "trl_dpo"],
    weights: { import: 0.5 },
    holdout: { topics: ["bread"], categories: [], kinds: [], sources: [], techniques: [] },
  });
});

it.each([
  ...[{ include_released: "yes" }, { project_id: "prj_other" }, { formats: [] }, { formats: ["csv"] }, { seed: -1 }],
  ...[{ weights: { import: 9 } }, { weights: { web: 1 } }, { holdout: { topics: ["x"] } }, { analyses_share: 0 }],
])("refuses %j", (body) => {
  expect(releaseRequestSchema.safeParse(body).success).toBe(false);
});
