// What upstreams can say beside the texts of a stream: roles, heads, usage, finish reasons, fields that nobody knows.
import { describe, expect, it } from "vitest";
import { phraseGuardrail } from "../../fakes/phrase-guardrail.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../../setup/event-stream.ts";
import { type SeenStream, type StreamScene, watchStream } from "../../setup/guarded-stream.ts";

const BAD = "blueberry pie";
const bad = phraseGuardrail(BAD, "custom:pie");

function chunk(delta: object, beside: object = {}, head: object = {}): object {
  return { ...chunkOf(""), ...head, choices: [{ index: 0, delta, finish_reason: null, ...beside }] };
}

const FINISH = chunk({}, { finish_reason: "stop" });

/** Each event a read of its own. */
async function watch(events: readonly object[], scene: Partial<StreamScene> = {}): Promise<SeenStream> {
  const pieces = [...events, FINISH].map((event) => eventText(event)).concat(eventText("[DONE]"));
  return await watchStream({ answers: [streams(scriptedBody(pieces))], fast: [bad], ...scene });
}

const ASKED = { request: { stream_options: { include_usage: true } } };

describe("what stands beside a stream's texts", () => {
  it.each<[string, object]>([
    ["the role", chunk({ role: BAD })],
    ["a role beside the delta", chunk({ content: "Lamps" }, { role: BAD })],
    ["a role in the head", chunk({ content: "Lamps" }, {}, { role: BAD })],
    ["the id", chunk({ content: "Lamps" }, {}, { id: BAD })],
    ["the model's name", chunk({ content: "Lamps" }, {}, { model: BAD })],
    ["the tier", chunk({ content: "Lamps" }, {}, { service_tier: BAD })],
    ["something that is no fingerprint", chunk({ content: "Lamps" }, {}, { system_fingerprint: { said: BAD } })],
  ])("is read: %s", async (_, event) => {
    const seen = await watch([event]);
    expect(seen.choices).toMatchObject([{ finishReason: "content_filter" }]);
    expect(JSON.stringify(seen.events)).not.toContain("blueberry");
  });

  it("brings no words as usage", async () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, note: BAD, [BAD]: 1 };
    const details = { prompt_tokens_details: { cached_tokens: 1, note: BAD } };
    const seen = await watch(
      [chunkOf("Lamps"), { ...chunkOf(""), choices: [], usage: { ...usage, ...details } }],
      ASKED,
    );
    expect(seen.usage).toEqual({
      prompt_tokens: 1,
      completion_tokens: 2,
      total_tokens: 3,
      prompt_tokens_details: { cached_tokens: 1 },
    });
  });

  it("is counted once where a server counts on with every chunk", async () => {
    const events = [1, 2, 3].map((tokens) => ({
      ...chunkOf("Lamp "),
      usage: { prompt_tokens: 10, completion_tokens: tokens, total_tokens: 10 + tokens },
    }));
    const seen = await watch(events, ASKED);
    expect(seen.usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 3, total_tokens: 13 });
    expect(seen.meter.recorded).toMatchObject([{ promptTokens: 10, completionTokens: 3 }]);
  });

  it("does not end an answer with a finish reason that says nothing", async () => {
    const seen = await watch([
      chunk({ content: "A lamp " }, { finish_reason: "" }),
      chunk({ content: "gives light." }, { finish_reason: "" }),
    ]);
    expect(seen.choices).toEqual([{ texts: { content: "A lamp gives light." }, finishReason: "stop", action: null }]);
  });

  it("is one text in a field that nobody knows, whatever stands around its pieces", async () => {
    const seen = await watch([chunk({ remark: "I like blueberry " }), chunk({ content: "", remark: "pie" })]);
    expect(seen.choices).toMatchObject([{ finishReason: "content_filter" }]);
    expect(JSON.stringify(seen.events)).not.toContain("blueberry");
  });
});
