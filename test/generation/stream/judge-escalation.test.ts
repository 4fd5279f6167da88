// Judges on streams that are not asked always: nothing waits for a judge who is not asked; who is asked reads from there on.
import { describe, expect, it } from "vitest";
import type { Judge } from "../../../src/policy/judge-policy.ts";
import { DEFAULT_POLICY, type Policy } from "../../../src/policy/policy.ts";
import { judgeKeys } from "../../fakes/judge-keys.ts";
import { scoredClassifier } from "../../fakes/scored-classifier.ts";
import { type JudgeScript, scriptedJudge, type ScriptedJudge } from "../../fakes/scripted-judge.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../../setup/event-stream.ts";
import { type SeenStream, type StreamScene, watchStream } from "../../setup/guarded-stream.ts";
import type { Answer } from "../../setup/upstream.ts";

const WORD = "harmless ";
/** The score is first looked at where 400 characters have come, then at 600, 900 and 1350. */
const FIRST_LOOK = 400;

/** Pieces of text, each with its share of the answer's score in it. */
function says(...texts: readonly string[]): Answer {
  const pieces = texts.flatMap((text) => text.match(/.{1,10}/gs) ?? []);
  const finish = { ...chunkOf(""), choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
  return streams(scriptedBody([...pieces.map(chunkOf), finish, "[DONE]"].map((event) => eventText(event))));
}

function policyOf(judges: readonly Partial<Judge>[], rest: Partial<Policy> = {}): Partial<Policy> {
  const keys = { run: "uncertain", first_window_characters: 50, timeout_milliseconds: 2_000 } as const;
  return { judges: judges.map((judge) => judgeKeys({ ...keys, ...judge })), ...rest };
}

async function watch(
  texts: readonly string[],
  script: JudgeScript,
  scene: Partial<StreamScene> = {},
): Promise<{ readonly seen: SeenStream; readonly judge: ScriptedJudge }> {
  const judge = scriptedJudge(script);
  const fast = [scoredClassifier()];
  const seen = await watchStream({ answers: [says(...texts)], fast, slow: [judge], policy: policyOf([{}]), ...scene });
  return { seen, judge };
}

const benign = `score 0.1 ${WORD.repeat(150)}`;

describe("a judge that is asked where the score is uncertain", () => {
  it("is not asked about a benign stream, which waits for nobody and costs nothing", async () => {
    const { seen, judge } = await watch([benign], {});
    expect(judge.read).toEqual([]);
    expect(seen.choices).toMatchObject([{ texts: { content: benign }, finishReason: "stop", action: null }]);
    expect(seen.meter.recorded.filter(({ purpose }) => purpose === "judge")).toEqual([]);
    const alone = await watchStream({ answers: [says(benign)], fast: [scoredClassifier()] });
    expect(seen.events).toEqual(alone.events);
  });

  it("reads from the look on at which the score has entered the band; what had left stays", async () => {
    const start = `score 0.1 ${WORD.repeat(50)}`;
    const flags = (text: string): boolean => text.includes("HARM");
    const rest = `score 0.6 HARM ${WORD.repeat(200)}`;
    const { seen, judge } = await watch([start, rest], { flags, category: "S9" });
    const content = seen.choices[0]?.texts["content"] ?? "";
    expect(content.length).toBeGreaterThanOrEqual(FIRST_LOOK);
    expect(content.length).toBeLessThan(700);
    expect(start + rest).toContain(content);
    expect(seen.choices).toMatchObject([{ finishReason: "content_filter", action: "block" }]);
    expect(judge.read[0]).toContain("HARM");
    expect(seen.mistakes).toMatchObject([{ action: "block", releasedCharacters: content.length }]);
  });

  it("has all leave that it lets pass, and is asked once more about the whole, though its score is certain again", async () => {
    const texts = [`score 0.6 ${WORD.repeat(80)}`, `score 0.1 ${WORD.repeat(80)}`];
    const { seen, judge } = await watch(texts, {});
    expect(seen.choices).toMatchObject([{ texts: { content: texts.join("") }, finishReason: "stop" }]);
    expect(judge.read.length).toBeGreaterThan(1);
    expect(judge.read.at(-1)).toBe(texts.join(""));
  });

  it("is asked at the end about a stream too short for a look, by the score of the whole", async () => {
    const { seen, judge } = await watch(["score 0.6 HARM"], { flags: () => true });
    expect(judge.read).toEqual(["score 0.6 HARM"]);
    expect(seen.choices).toMatchObject([{ finishReason: "content_filter", action: "block" }]);
  });

  it("holds a stream from its start where there is no classifier to say anything", async () => {
    const { seen } = await watch([benign], { flags: () => true, category: "S9" }, { fast: [] });
    expect(seen.choices).toMatchObject([{ texts: {}, finishReason: "content_filter" }]);
  });

  it("reads from the first look on what the classifier can't read", async () => {
    const { judge } = await watch([WORD.repeat(100)], {});
    expect(judge.read.length).toBeGreaterThan(1);
  });

  it("reads on in the answer that is asked for again", async () => {
    const actions = { ...DEFAULT_POLICY.actions, output: { default: "repair" as const } };
    const bad = `score 0.6 HARM ${WORD.repeat(100)}`;
    const flags = (text: string): boolean => text.includes("HARM");
    const { seen, judge } = await watch(
      [],
      { flags, category: "S9" },
      {
        answers: [says(bad), says(benign)],
        policy: policyOf([{ run: "always" }], { actions }),
      },
    );
    expect(seen.choices).toMatchObject([{ texts: { content: benign }, finishReason: "stop", action: "repair" }]);
    expect(judge.read.at(-1)).toBe(benign);
  });

  it("that only screens blocks in the band, and only notes below it", async () => {
    const screen = { weight: "screen" as const };
    const flags = { flags: () => true, category: "S9" as const };
    const inBand = await watch([`score 0.6 ${WORD.repeat(100)}`], flags, { policy: policyOf([screen]) });
    expect(inBand.seen.choices).toMatchObject([{ finishReason: "content_filter", action: "block" }]);
    const below = await watch([benign], flags, { policy: policyOf([{ ...screen, run: "always" }]) });
    expect(below.seen.choices).toMatchObject([
      { texts: { content: benign }, finishReason: "stop", action: "annotate" },
    ]);
    expect(below.seen.mistakes).toMatchObject([{ action: "annotate" }]);
  });
});

describe("a sampled stream", () => {
  const policy = policyOf([{ run: "sampled", sample: 0.3 }]);

  it("is judged from its start to its end", async () => {
    const { seen, judge } = await watch([benign], { flags: () => true, category: "S9" }, { policy, random: 0.2 });
    expect(seen.choices).toMatchObject([{ texts: {}, finishReason: "content_filter" }]);
    expect(judge.read[0]?.length).toBeLessThan(FIRST_LOOK);
  });

  it("that was not drawn is not", async () => {
    const { judge } = await watch([benign], {}, { policy, random: 0.3 });
    expect(judge.read).toEqual([]);
  });
});

describe("several judges", () => {
  it("each read with windows of their own, and what leaves was read by each that is asked", async () => {
    const quick = { ...scriptedJudge(), id: "quick" };
    const slow = { ...scriptedJudge({ milliseconds: 20 }), id: "slow" };
    const idle = { ...scriptedJudge(), id: "idle" };
    const judges = [
      { id: "quick", run: "always" as const },
      { id: "slow", run: "always" as const, first_window_characters: 200 },
      { id: "idle" },
    ];
    const { seen } = await watch([benign], {}, { slow: [quick, slow, idle], policy: policyOf(judges) });
    expect(seen.choices).toMatchObject([{ texts: { content: benign }, finishReason: "stop" }]);
    expect(quick.read[0]?.length).toBeLessThan(slow.read[0]?.length ?? 0);
    expect(idle.read).toEqual([]);
  });

  it("one that flags a hard category stops it, whatever the other says", async () => {
    const mild = { ...scriptedJudge(), id: "mild" };
    const strict = { ...scriptedJudge({ flags: () => true, category: "S9" }), id: "strict" };
    const judges = [
      { id: "mild", run: "always" as const },
      { id: "strict", run: "always" as const },
    ];
    const { seen } = await watch([benign], {}, { slow: [mild, strict], policy: policyOf(judges) });
    expect(seen.choices).toMatchObject([{ texts: {}, finishReason: "content_filter", action: "block" }]);
  });
});
