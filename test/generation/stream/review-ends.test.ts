// Ends of streams that nobody plans: a store that fails, clients that leave while something is checked, captured or asked for again.
import { describe, expect, it } from "vitest";
import { streamGuarded } from "../../../src/generation/stream/stream-guarded.ts";
import { DEFAULT_POLICY, type Action, type Policy } from "../../../src/policy/policy.ts";
import { unwrap } from "../../../src/problem.ts";
import { phraseGuardrail } from "../../fakes/phrase-guardrail.ts";
import { scriptedJudge } from "../../fakes/scripted-judge.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../../setup/event-stream.ts";
import { openScene, QUESTION, watchStream } from "../../setup/guarded-stream.ts";

const SAID = "I like blueberry pie";
const bad = phraseGuardrail("blueberry pie", "custom:pie");
const FINISH = { ...chunkOf(""), choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
const CALLER = { projectId: "prj_1", keyId: "key_1", consent: null, requestId: "req_1", source: "production" as const };
const REQUEST = { messages: QUESTION, model: "m", stream: true };

function policyOf(action: Action): Partial<Policy> {
  return { actions: { ...DEFAULT_POLICY.actions, output: { default: action } } };
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

describe("a stream", () => {
  it("whose mistake can't be stored ends in an error event, and stops the upstream", async () => {
    const body = scriptedBody([eventText(chunkOf("Lamps. ")), eventText(chunkOf(SAID))], "stall");
    const { dependencies, meter, logger } = openScene({ answers: [streams(body)], fast: [bad] });
    const mistake = async (): Promise<string> => await Promise.reject(new Error("no room"));
    const capture = { ...dependencies.capture, mistake };
    const opened = await streamGuarded({ ...dependencies, capture }, REQUEST, CALLER, new AbortController().signal);
    const stream = unwrap(opened);
    let sent = "";
    for (let text = await stream.read(); text !== null; text = await stream.read()) sent += text;
    expect(sent).toContain('"code":"internal_error"');
    expect(sent).not.toContain("no room");
    expect(sent).not.toContain("blueberry");
    expect(body.cancelledAt()).not.toBeNull();
    expect(meter.recorded).toHaveLength(1);
    expect(JSON.stringify(logger)).toContain("no room");
  });

  it("that is left while its last check runs keeps one mistake, of which nothing was released", async () => {
    const body = scriptedBody([eventText(chunkOf(SAID)), eventText(FINISH)], "stall");
    const judge = scriptedJudge({ milliseconds: 40, flags: () => true });
    const scene = openScene({ answers: [streams(body)], fast: [bad], slow: [judge], policy: policyOf("annotate") });
    const stream = unwrap(await streamGuarded(scene.dependencies, REQUEST, CALLER, new AbortController().signal));
    const waiting = stream.read();
    await pause(15);
    await stream.cancel();
    await waiting;
    expect(scene.mistakes).toMatchObject([{ releasedCharacters: 0 }]);
    expect(scene.meter.recorded).toHaveLength(1);
  });

  it("that is left while a repair is asked for stops that too, and keeps one mistake", async () => {
    const first = scriptedBody([eventText(chunkOf(SAID))], "stall");
    const second = scriptedBody([eventText(chunkOf("Lamps"))], "stall");
    let stopped = false;
    const scene = openScene({
      answers: [
        streams(first),
        async (request, signal) => {
          signal.addEventListener("abort", () => {
            stopped = true;
          });
          await pause(60);
          return await streams(second)(request, signal);
        },
      ],
      fast: [bad],
      policy: policyOf("repair"),
    });
    const stream = unwrap(await streamGuarded(scene.dependencies, REQUEST, CALLER, new AbortController().signal));
    const waiting = stream.read();
    await pause(20);
    await stream.cancel();
    await waiting;
    expect(scene.mistakes).toHaveLength(1);
    expect(stopped).toBe(true);
    expect(second.taken() === 0 || second.cancelledAt() !== null).toBe(true);
  });

  it("with thousands of places for texts is cut off where an answer ends", async () => {
    const events = Array.from({ length: 4_000 }, (_, place) => ({
      ...chunkOf(""),
      choices: [{ index: 0, delta: { [`field ${place}`]: "a" }, finish_reason: null }],
    }));
    const body = scriptedBody(events.map((event) => eventText(event)));
    const seen = await watchStream({ answers: [streams(body)], fast: [bad] });
    expect(seen.choices).toMatchObject([{ finishReason: "length" }]);
    expect(seen.events.length).toBeLessThan(1_100);
  });
});
