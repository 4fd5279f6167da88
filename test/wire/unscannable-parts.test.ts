// Media in every place that a server's schema has for them; texts, tools and addresses in texts are none.
// The base64 below is of zeros.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chatMessageSchema, completionMessageSchema } from "../../src/wire/chat-completion.ts";
import { textsOf } from "../../src/wire/message-texts.ts";
import { unscannableAnswerParts, unscannableParts, unscannableProblem } from "../../src/wire/unscannable-parts.ts";
import { placeName } from "../../src/wire/message-fields.ts";

const ENCODED = `${"AAAA".repeat(20)}AA==`;

function placesOf(...messages: readonly object[]): readonly string[] {
  return unscannableParts(messages.map((message) => chatMessageSchema.parse(message))).map(
    ({ location, kind }) => `${location} ${kind}`,
  );
}

describe("a request's parts that can't be read", () => {
  it.each<[string, object]>([
    ["image_url", { type: "image_url", image_url: { url: `data:image/png;base64,${ENCODED}` } }],
    ["image_url", { type: "image_url", image_url: { url: "https://example.test/a.png" } }],
    ["image_url", { type: "image_url", image_url: "https://example.test/a.png" }],
    ["image_url", { type: "text", text: "a", image_url: { url: "https://example.test/a.png" } }],
    ["image", { type: "image", source: { type: "base64", media_type: "image/png", data: ENCODED } }],
    ["input_image", { type: "input_image", file_id: "file-1" }],
    ["input_audio", { type: "input_audio", input_audio: { data: ENCODED, format: "wav" } }],
    ["audio_url", { type: "audio_url", audio_url: { url: "https://example.test/a.wav" } }],
    ["video_url", { type: "video_url", video_url: { url: "https://example.test/a.mp4" } }],
    ["video", { type: "video", video: ["https://example.test/1.png"] }],
    ["file", { type: "file", file: { file_id: "file-1" } }],
    ["file", { type: "file", file: { file_data: ENCODED, filename: "a.pdf" } }],
    ["document_url", { type: "document_url", document_url: "https://example.test/a.pdf" }],
    ["document", { type: "document", source: { type: "url", url: "https://example.test/a.pdf" } }],
    ["inline_data", { type: "part", inline_data: { mime_type: "image/png", data: ENCODED } }],
  ])("%s: %j", (kind, part) => {
    const content = [{ type: "text", text: "Look:" }, part];
    for (const role of ["user", "tool", "assistant", "system"]) {
      expect(placesOf({ role, content })).toEqual([`messages[0].content[1] ${kind}`]);
    }
  });

  it("are found inside the result of a tool, and told at their outermost place", () => {
    const image = { type: "image", source: { type: "base64", data: ENCODED } };
    const content = [{ type: "tool_result", content: [{ type: "text", text: "a" }, image] }];
    expect(placesOf({ role: "user", content: "a" }, { role: "user", content })).toEqual([
      "messages[1].content[0].content[1] image",
    ]);
  });

  it("are an earlier turn's sound, and the pictures that a message lists", () => {
    expect(
      placesOf(
        { role: "assistant", content: null, audio: { id: "audio_1" } },
        { role: "user", content: "a", images: [ENCODED, null, { type: "image_url", image_url: { url: "u" } }] },
      ),
    ).toEqual(["messages[0].audio audio", "messages[1].images[0] images", "messages[1].images[2] images"]);
  });

  it("are told without a word that a client could choose", () => {
    const hiddenPlace = placeName("some words");
    expect(hiddenPlace).toMatch(/^~\d+$/);
    const hidden = { "some words": [{ type: "image", image: ENCODED }] };
    expect(placesOf({ role: "user", content: [{ type: "text", ...hidden }], ...hidden })).toEqual([
      `messages[0].content[0].${hiddenPlace}[0] image`,
      `messages[0].${hiddenPlace}[0] image`,
    ]);
  });

  it.each<[string, object]>([
    ["a text", { role: "user", content: "See data:image/png;base64,AAAA and file: a.pdf" }],
    [
      "text parts",
      {
        role: "user",
        content: [
          { type: "text", text: "image_url" },
          { type: "refusal", refusal: "file" },
        ],
      },
    ],
    [
      "a tool call",
      {
        role: "assistant",
        tool_calls: [{ id: "1", type: "function", function: { name: "file", arguments: '{"file":"a"}' } }],
      },
    ],
    [
      "a custom tool call",
      { role: "assistant", tool_calls: [{ id: "1", type: "custom", custom: { name: "image", input: "a" } }] },
    ],
    ["a tool's result", { role: "tool", tool_call_id: "1", content: "an image", name: "file" }],
    [
      "reasoning",
      { role: "assistant", content: "a", reasoning_details: [{ type: "reasoning.encrypted", data: ENCODED }] },
    ],
    [
      "an address that is cited",
      { role: "assistant", content: "a", annotations: [{ type: "url_citation", url_citation: { url: "u" } }] },
    ],
    ["a transcript alone", { role: "assistant", content: null, audio: { transcript: "a" } }],
    ["no sound", { role: "assistant", content: "a", audio: null }],
    ["empty fields", { role: "user", content: [{ type: "text", text: "a", image_url: null, file: "" }], images: [] }],
    ["a field of another kind", { role: "user", content: "a", metadata: { file: "a", image_url: "b" } }],
  ])("are not %s", (_, message) => {
    expect(placesOf(message)).toEqual([]);
  });

  it("leave no encoded text out: what is not read as a text lies in one of them", () => {
    const media = fc.constantFrom("image_url", "input_audio", "audio_url", "video_url", "file");
    const inner = fc.constantFrom("url", "data", "file_data");
    fc.assert(
      fc.property(media, media, inner, (type, field, key) => {
        const message = { role: "user", content: [{ type, [field]: { [key]: ENCODED } }] };
        const isRead = textsOf(message, "", "client").some(({ text }) => text === ENCODED);
        expect(isRead || placesOf(message).length === 1).toBe(true);
      }),
    );
  });
});

describe("an answer's parts that can't be read", () => {
  it.each<[string, object, readonly string[]]>([
    ["its sound", { content: null, audio: { id: "audio_1", data: ENCODED, transcript: "a" } }, ["audio"]],
    ["its pictures", { content: "a", images: [{ type: "image_url", image_url: { url: "u" } }] }, ["images[0]"]],
    ["no text", { content: "a", reasoning_content: "b", refusal: null, annotations: [] }, []],
  ])("are %s", (_, message, locations) => {
    const parts = unscannableAnswerParts(completionMessageSchema.parse(message));
    expect(parts.map(({ location }) => location)).toEqual(locations);
  });
});

describe("the problem", () => {
  it("is none without such a part", () => {
    expect(unscannableProblem([])).toBeNull();
  });

  it("names the first place and says what to do", () => {
    const part = (index: number) => ({ location: `messages[0].content[${index}]`, kind: "file" });
    const problem = unscannableProblem([part(0), part(1)]);
    expect(problem).toMatchObject({
      status: 400,
      type: "invalid_request_error",
      code: "unscannable_content",
      param: "messages[0].content[0]",
    });
    expect(problem?.message).toContain("messages[0].content[0] (file) and 1 more: ");
    expect(unscannableProblem([part(0)])?.message).toContain("messages[0].content[0] (file): ");
  });
});
