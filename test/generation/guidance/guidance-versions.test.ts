// Deliberation and spotlight as data: a changed word must be a new version.
import { expect, it } from "vitest";
import { DELIBERATION_PROMPTS } from "../../../src/generation/guidance/deliberation-prompts.ts";
import { SPOTLIGHT_TEXTS } from "../../../src/generation/guidance/spotlight-texts.ts";
import { fnv1a } from "../../../src/lib/fnv1a.ts";

it("names each text by a version that has not changed without it", () => {
  const deliberations = Object.values(DELIBERATION_PROMPTS).map(({ version, ...words }) => [
    version,
    fnv1a(JSON.stringify(words)),
  ]);
  const spotlights = Object.values(SPOTLIGHT_TEXTS).map(({ version, marked, holds, data }) => [
    version,
    fnv1a(JSON.stringify([marked("mark"), holds, data])),
  ]);
  // A new text? Give it a new version, and write its hash here.
  expect([...deliberations, ...spotlights]).toEqual([
    ["deliberate-en-1", 1709339917],
    ["deliberate-zh-1", 1065964591],
    ["spotlight-en-1", 255586297],
    ["spotlight-zh-1", 9050104],
  ]);
});
