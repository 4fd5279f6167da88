// The text of a message, in each of OpenAI's shapes.
import { expect, it } from "vitest";
import { contentText } from "../../src/wire/content-text.ts";

it.each([
  ["a text", "Hi", "Hi"],
  ["nothing", undefined, ""],
  ["null", null, ""],
  ["no parts", [], ""],
  [
    "parts",
    [
      { type: "text", text: "one" },
      { type: "image_url", image_url: { url: "data:," } },
      { type: "text", text: "two" },
    ],
    "one\ntwo",
  ],
])("of %s", (_name, content, text) => {
  expect(contentText(content)).toBe(text);
});
