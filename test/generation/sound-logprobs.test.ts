// What leaves of log probabilities: what repeats the checked text, and of the tokens that were not chosen what was read.
import { describe, expect, it } from "vitest";
import { soundLogprobs, withholdsPieces } from "../../src/generation/sound-logprobs.ts";
import { actionFor } from "../../src/guardrail/decide.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/policy/policy.ts";
import { brokenGuardrail, phraseGuardrail } from "../fakes/phrase-guardrail.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../setup/event-stream.ts";
import { watchStream } from "../setup/guarded-stream.ts";

const bad = phraseGuardrail("blueberry", "S1");
const EXCHANGE = { conversation: [], answer: [], guidance: [] };
const withholds = withholdsPieces([bad], DEFAULT_POLICY, EXCHANGE);

function token(text: string, ...alternatives: readonly string[]) {
  const plain = (said: string) => ({ token: said, logprob: -1, bytes: [...new TextEncoder().encode(said)] });
  return { ...plain(text), top_logprobs: alternatives.map(plain) };
}

const content = [token("Hel", "Hel", "blue"), token("lo", "p", "berry")];
const clean = [token("Hel", "Hel", "blue"), token("lo", "p", "bird")];

describe("soundLogprobs", () => {
  it("keeps alternatives that say nothing, and none of those that do, rank by rank", () => {
    expect(soundLogprobs({ content: clean }, { content: "Hello" }, withholds)).toEqual({ content: clean });
    const left = soundLogprobs({ content }, { content: "Hello" }, withholds);
    expect(left?.content).toEqual(content.map((each) => ({ ...each, top_logprobs: [] })));
    const long = [token("Hello", "x".repeat(129))];
    expect(soundLogprobs({ content: long }, { content: "Hello" }, withholds)?.content?.[0]?.top_logprobs).toEqual([]);
  });

  it.each<[string, unknown, object]>([
    ["of another text", { content }, { content: "Hallo" }],
    ["of no text", { content }, {}],
    ["of a refusal that is none", { refusal: content }, { content: "Hello", refusal: null }],
    ["of another shape", "Hello", { content: "Hello" }],
  ])("is null for those %s", (_, logprobs, texts) => {
    expect(soundLogprobs(logprobs, texts, withholds)).toBeNull();
  });

  it("takes no heed of white space at the ends, and keeps no bytes that say something else", () => {
    const hidden = { ...token(" Hello"), bytes: [98, 97, 100], top_logprobs: [{ ...token("Hi"), bytes: [98] }] };
    expect(soundLogprobs({ content: [hidden] }, { content: "Hello" }, withholds)).toMatchObject({
      content: [{ token: " Hello", bytes: null, top_logprobs: [{ token: "Hi", bytes: null }] }],
    });
  });

  it("goes by what the policy withholds, and by nothing that fails", () => {
    const annotates: Policy = {
      ...DEFAULT_POLICY,
      actions: { ...DEFAULT_POLICY.actions, output: { default: "annotate" } },
    };
    expect(actionFor(annotates, "output", "S1")).toBe("annotate");
    expect(withholdsPieces([bad], annotates, EXCHANGE)("blueberry")).toBe(false);
    expect(withholds("blueberry")).toBe(true);
    expect(
      withholdsPieces(
        [
          {
            ...brokenGuardrail(["output"]),
            glimpse: () => {
              throw new Error("it broke");
            },
          },
        ],
        annotates,
        EXCHANGE,
      )("fine"),
    ).toBe(true);
  });
});

it.each([
  ["hold_back", false],
  ["observe", true],
] as const)("in a stream under %s alternatives that would be withheld leave: %s", async (mode, isLeaving) => {
  const logprobs = { content: [token("Hello", "blueberry")] };
  const event = { ...chunkOf(""), choices: [{ index: 0, delta: { content: "Hello" }, logprobs }] };
  const seen = await watchStream({
    answers: [streams(scriptedBody([eventText(event), eventText("[DONE]")]))],
    fast: [bad],
    policy: { stream_mode: mode },
  });
  expect(JSON.stringify(seen.events).includes("blueberry")).toBe(isLeaving);
  expect(JSON.stringify(seen.events)).toContain('"logprob":-1');
  expect(seen.choices).toMatchObject([{ texts: { content: "Hello" } }]);
});
