// The guidance as data: a changed word must be a new version.
import { expect, it } from "vitest";
import { GUIDANCE_TEXTS } from "../../../src/generation/guidance/guidance-texts.ts";
import { fnv1a } from "../../../src/lib/fnv1a.ts";

it("names each text by a version that has not changed without it", () => {
  const seen = Object.values(GUIDANCE_TEXTS).map(({ version, before, after }) => [
    version,
    fnv1a(`${before}\n${after}`),
  ]);
  // A new text? Give it a new version, and write its hash here.
  expect(seen).toMatchInlineSnapshot(`
    [
      [
        "sandwich-en-1",
        3339129658,
      ],
      [
        "sandwich-zh-1",
        3600543964,
      ],
    ]
  `);
});
