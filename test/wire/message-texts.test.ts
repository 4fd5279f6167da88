// Every text of a message, and nothing that is no text.
// The base64 below is of zeros.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapTexts, textsOf } from "../../src/wire/message-texts.ts";
import { placeName } from "../../src/wire/message-fields.ts";

const ENCODED = `${"AAAA".repeat(20)}AA==`;

const [WORDS, MORE] = [placeName("some words"), placeName("more words")];

describe("textsOf", () => {
  it.each<[string, object, [string, string][]]>([
    ["content", { content: "a" }, [["content", "a"]]],
    ["nothing", { content: "", refusal: null, tool_calls: [] }, []],
    [
      "parts",
      {
        content: [
          { type: "text", text: "a" },
          { type: "refusal", refusal: "b" },
        ],
      },
      [
        ["content[0].text", "a"],
        ["content[1].refusal", "b"],
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
        ["tool_calls[0].id", "1"],
        ["tool_calls[0].function.name", "f"],
        ["tool_calls[0].function.arguments", "d"],
      ],
    ],
    [
      "custom tools, legacy function calls, transcripts",
      {
        content: null,
        tool_calls: [{ id: "1", type: "custom", custom: { name: "f", input: "a" } }],
        function_call: { name: "f", arguments: "b" },
        audio: { data: ENCODED, transcript: "c" },
      },
      [
        ["tool_calls[0].id", "1"],
        ["tool_calls[0].custom.name", "f"],
        ["tool_calls[0].custom.input", "a"],
        ["function_call.name", "f"],
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
        ["reasoning_details[0].signature", "zz"],
        ["thinking", "c"],
      ],
    ],
    [
      "types that are none, and what only stands where media could",
      {
        type: "a",
        content: [{ type: "b", format: "c", role: "d" }],
        audio: { data: "e e" },
        images: [{ type: "image_url", image_url: { url: `data:image/png;base64,${ENCODED}` } }],
      },
      [
        ["content[0].type", "b"],
        ["content[0].format", "c"],
        ["content[0].role", "d"],
        ["type", "a"],
        ["audio.data", "e e"],
        ["images[0].image_url.url", `data:image/png;base64,${ENCODED}`],
      ],
    ],
    [
      "names of fields that nobody knows, which stand in no location",
      { content: "a", "some words": { "more words": "b" } },
      [
        ["content", "a"],
        [`${WORDS}#name`, "some words"],
        [`${WORDS}.${MORE}#name`, "more words"],
        [`${WORDS}.${MORE}`, "b"],
      ],
    ],
  ])("finds %s", (_name, message, texts) => {
    expect(textsOf(message, "", "model").map(({ location, text }) => [location, text])).toEqual(texts);
  });

  it("finds a client's names and addresses, but no images, sounds or files", () => {
    const message = {
      role: "user",
      name: "a",
      content: [
        { type: "image_url", image_url: { url: `data:image/png;base64,${ENCODED}`, detail: "low" } },
        { type: "image_url", image_url: { url: "https://b.example/", detail: "c" } },
        { type: "input_audio", input_audio: { data: ENCODED, format: "wav" } },
        { type: "file", file: { file_data: ENCODED, filename: "d" } },
        { type: "file", file: { file_data: `data:text/plain,${ENCODED} e` } },
      ],
    };
    expect(textsOf(message, "", "client").map(({ location, text }) => [location, text])).toEqual([
      ["content[1].image_url.url", "https://b.example/"],
      ["content[1].image_url.detail", "c"],
      ["content[3].file.filename", "d"],
      ["content[4].file.file_data", `data:text/plain,${ENCODED} e`],
      ["name", "a"],
    ]);
  });

  it("reads megabytes of media at once", () => {
    const sound = "AAAA".repeat(8_000_000);
    const from = performance.now();
    expect(textsOf({ audio: { data: sound } }, "", "model")).toEqual([]);
    expect(textsOf({ audio: { data: `${sound}!` } }, "", "model")).toHaveLength(1);
    expect(performance.now() - from).toBeLessThan(2_000);
  });

  it("puts its prefix before each place", () => {
    expect(textsOf({ content: [{ type: "text", text: "a" }] }, "messages[3].", "client")).toEqual([
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
            "model",
          ).filter(({ location }) => !location.endsWith("#name")),
        ).toEqual([]);
      }),
    );
  });
});
