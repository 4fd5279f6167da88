// When a text of a stream has had its turn and holds nothing any more. Law: fields that a server puts beside every token end no
// turn; where a turn ends does not depend on how the network cut the stream.
import { describe, expect, it } from "vitest";
import { phraseGuardrail } from "../../fakes/phrase-guardrail.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../../setup/event-stream.ts";
import { type SeenStream, watchStream } from "../../setup/guarded-stream.ts";

const SAID = "I like blueberry pie.";
const bad = phraseGuardrail("blueberry pie", "custom:pie");

function chunk(delta: object, beside: object = {}, head: object = {}): object {
  return { ...chunkOf(""), ...head, choices: [{ index: 0, delta, finish_reason: null, ...beside }] };
}

/** @param size how many events a read brings */
async function watch(events: readonly object[], size = 1): Promise<SeenStream> {
  const all = [...events, chunk({}, { finish_reason: "stop" })];
  const pieces: string[] = [];
  for (let start = 0; start < all.length; start += size) pieces.push(eventText(...all.slice(start, start + size)));
  return await watchStream({ answers: [streams(scriptedBody([...pieces, eventText("[DONE]")]))], fast: [bad] });
}

describe("a turn", () => {
  it.each<[string, (unit: string, place: number) => object]>([
    // Mistral's padding `p`, for one
    ["the head", (content, place) => chunk({ content }, {}, { p: "abcdefghij".slice(0, 1 + (place % 7)) })],
    ["the choice", (content, place) => chunk({ content }, { time: `at ${place}` })],
    ["the delta", (content, place) => chunk({ content, time: `at ${place}` })],
    ["the same delta twice", (text) => chunk({ reasoning_content: text, reasoning_details: [{ text, index: 0 }] })],
  ])("is not over because of a field of %s that changes with every token", async (_, event) => {
    const seen = await watch(Array.from(SAID, event));
    expect(seen.choices).toMatchObject([{ finishReason: "content_filter" }]);
    const [sent] = Object.values(seen.choices[0]?.texts ?? {});
    expect(sent).toBe("I like ");
  });

  it("is over where the message goes on elsewhere", async () => {
    const seen = await watch([
      chunk({ reasoning_content: "I think of blueberry " }),
      chunk({ content: "Lamps and blueberry " }),
    ]);
    expect(seen.events[0]).toMatchObject({ choices: [{ delta: { reasoning_content: "I think of " } }] });
    expect(seen.events[1]).toMatchObject({ choices: [{ delta: { reasoning_content: "blueberry " } }] });
  });

  it("ends at the same place however the network cuts", async () => {
    const events = [
      chunk({ content: "I like blue" }),
      chunk({ reasoning_content: "Hm." }, { time: "at 1" }),
      chunk({ content: "berry" }, { time: "at 2" }),
      chunk({ reasoning_content: "So." }),
      chunk({ content: " pi" }, {}, { p: "ab" }),
      chunk({ content: "e." }, {}, { p: "abc" }),
    ];
    const one = await watch(events);
    for (const size of [2, 3, 4, 5, 6]) expect((await watch(events, size)).choices).toEqual(one.choices);
    expect(one.choices).toMatchObject([{ texts: { content: "I like blueberry", reasoning_content: "Hm.So." } }]);
  });
});
