// An operator's own guardrail behind HTTP: the contract both ways, and that a span lies where the whole text has it.
import { describe, expect, it } from "vitest";
import {
  createHttpGuardrail,
  type HttpGuardrailOptions,
} from "../../../../src/guardrail/judges/http/http-guardrail.ts";
import type { Exchange } from "../../../../src/guardrail/exchange.ts";
import type { Verdict } from "../../../../src/guardrail/verdict.ts";
import { judgeContract, UPSTREAM } from "../../../contract/judge.ts";
import { callOf } from "../../../fakes/guardrail-call.ts";
import { type GuardrailReply, GuardrailServer } from "../../../fakes/guardrail-server.ts";
import documented from "../../../fixtures/judges/http.json" with { type: "json" };
import { answering, conversationOf } from "../../exchange-of.ts";

const OPTIONS: HttpGuardrailOptions = {
  ...{ id: "own", upstream: UPSTREAM, labels: "setback" },
  sides: ["input", "output"],
};

const flagging = (finding: object): object => ({
  flagged: true,
  findings: [{ category: "S5", message: "No.", ...finding }],
});

judgeContract({
  name: "An HTTP guardrail",
  judge: createHttpGuardrail(OPTIONS),
  safe: { input: documented.safe, output: documented.safe },
  flagged: { input: documented.flagged, output: documented.flagged },
  categories: documented.categories,
  hasSpeakers: false,
  unclear: {
    "a category that does not exist": flagging({ category: "S15" }),
    "another vendor's category": flagging({ category: "violence" }),
    "a flag without a finding": { flagged: true, findings: [] },
    "a finding without a flag": { ...flagging({}), flagged: false },
    "a flag that is a text": { flagged: "no", findings: [] },
    "no findings": { flagged: false },
    "a key more": { flagged: false, findings: [], verdict: "pass" },
    "a score above one": { flagged: false, findings: [], score: 2 },
    "a place without its text": flagging({ start: 0, end: 1 }),
    "a text that is not judged": flagging({ location: "messages[0].content[7].text", start: 0, end: 1 }),
    "a place behind the text's end": flagging({ location: "content", start: 0, end: 1_000 }),
    "a place that ends before it begins": flagging({ location: "content", start: 2, end: 2 }),
    "a finding without a message": { flagged: true, findings: [{ category: "S5" }] },
  },
});

async function asked(
  reply: GuardrailReply | ((sent: string) => GuardrailReply),
  exchange: Exchange,
  changes: Partial<HttpGuardrailOptions> = {},
): Promise<{ server: GuardrailServer; verdict: Verdict }> {
  const server = new GuardrailServer(reply);
  const find = async () => await Promise.resolve(server);
  const call = callOf(server.chat, [], undefined, find);
  return { server, verdict: await createHttpGuardrail({ ...OPTIONS, ...changes }).check(exchange, "output", call) };
}

describe("the request", () => {
  it("holds the judged texts and their context, and is signed", async () => {
    const exchange = answering("It is 5.", conversationOf(["system", "You sell."], ["user", "How much?"]));
    const { server } = await asked({ says: documented.safe }, exchange);
    expect(server.posts).toEqual([
      {
        path: "",
        proof: "signature",
        body: {
          type: "guardrail.check",
          guardrail: "own",
          side: "output",
          judged: [{ role: "assistant", location: "content", text: "It is 5." }],
          context: [
            { role: "system", location: "messages[0].content", text: "You sell." },
            { role: "user", location: "messages[1].content", text: "How much?" },
          ],
          is_cut: false,
        },
      },
    ]);
  });
});

describe("a finding", () => {
  it("keeps its place, its reason and its score", async () => {
    const said = { ...flagging({ location: "content", start: 6, end: 7 }), score: 0.7 };
    const { verdict } = await asked({ says: said }, answering("It is 5."));
    expect(verdict).toMatchObject({ status: "flag", score: 0.7, threshold: null, rationale: "No." });
    expect(verdict.findings).toEqual([
      {
        rule: "http",
        category: "S5",
        span: { location: "content", start: 6, end: 7 },
        message: "A judge finds defamation in the answer.",
      },
    ]);
  });

  it("in a piece of a long text lies where the whole text has it, and once", async () => {
    const text = `${"word ".repeat(1_500)}here ${"word ".repeat(600)}`;
    const { server, verdict } = await asked((sent) => {
      const start = /"judged":\[\{[^}]*"text":"([^"]*)"/.exec(sent)?.[1]?.indexOf("here") ?? -1;
      return { says: start < 0 ? documented.safe : flagging({ location: "content", start, end: start + 4 }) };
    }, answering(text));
    expect(server.posts.length).toBeGreaterThan(1);
    expect(verdict.findings).toHaveLength(1);
    expect(verdict.findings[0]?.span).toEqual({ location: "content", start: 7_500, end: 7_504 });
  });

  it.each([
    ["llama_guard", "S4", "S4"],
    ["openai_moderation", "sexual/minors", "S4"],
    ["azure", "SelfHarm", "S11"],
    ["qwen3guard", "Jailbreak", "prompt_attack"],
    ["setback", "custom:tone", "custom:tone"],
  ] as const)("may use the names of %s", async (labels, category, ours) => {
    const { verdict } = await asked({ says: flagging({ category }) }, answering("It is 5."), { labels });
    expect(verdict.findings.map((finding) => finding.category)).toEqual([ours]);
  });
});
