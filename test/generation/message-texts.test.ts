// Every text of a message, and nothing that is no text.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapTexts, textsOf } from "../../src/generation/message-texts.ts";

describe("textsOf", () => {
  it.each<[string, object, [string, string][]]>([
    ["content", { content: "a" }, [["content", "a"]]],
    ["nothing", { content: "", refusal: null, tool_calls: [] }, []],
    [
      "parts, but no images, sounds or files",
      {
        content: [
          { type: "text", text: "a" },
          { type: "image_url", image_url: { url: "data:," } },
          { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
          { type: "file", file: { file_data: "AAAA" } },
          { type: "refusal", refusal: "b" },
        ],
      },
      [
        ["content[0].text", "a"],
        ["content[4].refusal", "b"],
      ],
    ],
    [
      "every field in the same order",
      {
        role: "assistant",
        refusal: "c",
        tool_calls: [{ id: "1", function: { name: "f", arguments: "d" } }],
        reasoning_content: "b",
        content: "a",
      },
      [
        ["content", "a"],
        ["reasoning_content", "b"],
        ["refusal", "c"],
        ["tool_calls[0].function.arguments", "d"],
      ],
    ],
    [
      "custom tools, legacy function calls, transcripts",
      {
        content: null,
        tool_calls: [{ id: "1", type: "custom", custom: { name: "f", input: "a" } }],
        function_call: { name: "f", arguments: "b" },
        audio: { id: "1", data: "AAAA", transcript: "c" },
      },
      [
        ["tool_calls[0].custom.input", "a"],
        ["function_call.arguments", "b"],
        ["audio.transcript", "c"],
      ],
    ],
    [
      "fields that servers invent",
      { content: "a", reasoning_details: [{ type: "text", text: "b", signature: "zz" }], thinking: "c" },
      [
        ["content", "a"],
        ["reasoning_details[0].text", "b"],
        ["thinking", "c"],
      ],
    ],
  ])("finds %s", (_name, message, texts) => {
    expect(textsOf(message, "").map(({ location, text }) => [location, text])).toEqual(texts);
  });

  it("puts its prefix before each place", () => {
    expect(textsOf({ content: [{ type: "text", text: "a" }] }, "messages[3].")).toEqual([
      { location: "messages[3].content[0].text", text: "a" },
    ]);
  });
});

describe("mapTexts", () => {
  const message = fc.record({
    role: fc.constant("assistant"),
    content: fc.oneof(fc.string(), fc.constant(null)),
    unknown: fc.jsonValue({ maxDepth: 3 }),
  });

  it("changes nothing where nothing is to be changed", () => {
    fc.assert(
      fc.property(message, (before) => {
        expect(mapTexts(before, (text) => text)).toEqual(before);
      }),
    );
  });

  it("leaves no text unchanged", () => {
    fc.assert(
      fc.property(message, (before) => {
        expect(
          textsOf(
            mapTexts(before, () => ""),
            "",
          ),
        ).toEqual([]);
      }),
    );
  });
});
