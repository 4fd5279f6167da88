// The inputs of OpenAI's moderations.
import { expect, it } from "vitest";
import { moderationRequestSchema } from "../../src/wire/moderation.ts";

it.each([
  ["a text", "one"],
  ["texts", ["one", "two"]],
  ["parts", [{ type: "text", text: "one" }]],
])("reads %s", (_name, input) => {
  expect(moderationRequestSchema.parse({ input, model: "omni-moderation-latest" }).input).toEqual(input);
});

it.each([
  ["nothing", undefined],
  ["an empty text", ""],
  ["no texts", []],
  ["an empty text among others", ["one", ""]],
  ["more than 100 texts", Array.from({ length: 101 }, () => "one")],
  ["an image, which nothing here can check", [{ type: "image_url", image_url: { url: "https://example.com" } }]],
])("refuses %s", (_name, input) => {
  expect(moderationRequestSchema.safeParse({ input }).success).toBe(false);
});
