// A language that a guardrail can't read: what the policy makes of it.
import { expect, it } from "vitest";
import { decide } from "../../src/guardrail/decide.ts";
import { escalates, isUnsupported, UNSUPPORTED_LANGUAGE } from "../../src/guardrail/unsupported-language.ts";
import { failed, judged, skipped } from "../../src/guardrail/verdicts.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../setup/event-stream.ts";
import { watchStream } from "../setup/guarded-stream.ts";

const IDENTITY = { id: "one", version: "1" };
const UNREAD = skipped(IDENTITY, "output", UNSUPPORTED_LANGUAGE);
const NONE = { fast: [], slow: [] };

it("is told by the reason of a skipped check alone", () => {
  const others = [skipped(IDENTITY, "output", "empty"), failed(IDENTITY, "output", UNSUPPORTED_LANGUAGE)];
  expect([UNREAD, ...others, judged(IDENTITY, "output", [])].map(isUnsupported)).toEqual([true, false, false, false]);
});

it.each([
  ["allow", "allow", false],
  ["escalate", "allow", true],
  ["block", "block", false],
] as const)("under %s is decided as %s, and a judge is asked: %s", (choice, action, isAsked) => {
  const policy = { ...DEFAULT_POLICY, on_unsupported_language: choice };
  expect(decide(policy, [UNREAD], NONE)).toEqual({ action });
  expect(escalates(policy, [UNREAD])).toBe(isAsked);
  expect(escalates(policy, [judged(IDENTITY, "output", [])])).toBe(false);
});

it("under block lets nothing of a stream leave before it is known", async () => {
  const guardrail = {
    ...IDENTITY,
    sides: ["output" as const],
    categories: ["S1"],
    check: () => UNREAD,
    glimpse: (piece: { readonly text: string }) => ({ findings: [], openFrom: piece.text.length }),
  };
  const watch = async (choice: "allow" | "block"): ReturnType<typeof watchStream> =>
    await watchStream({
      answers: [streams(scriptedBody([eventText(chunkOf("Dobrý "), chunkOf("den."), "[DONE]")]))],
      fast: [guardrail],
      policy: { on_unsupported_language: choice },
    });
  expect((await watch("allow")).choices).toMatchObject([{ texts: { content: "Dobrý den." } }]);
  const { choices } = await watch("block");
  expect(choices).toMatchObject([{ finishReason: "content_filter" }]);
  expect(choices[0]?.texts["content"] ?? "").toBe("");
});
