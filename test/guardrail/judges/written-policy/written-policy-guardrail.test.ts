// The judge that reads a written policy: its contract, what it is sent, and how sure it must be.
import { describe, expect, it } from "vitest";
import {
  createWrittenPolicyGuardrail,
  type WrittenPolicyOptions,
} from "../../../../src/guardrail/judges/written-policy/written-policy-guardrail.ts";
import { readPolicyJudgement } from "../../../../src/guardrail/judges/written-policy/read-policy-judgement.ts";
import { contentText } from "../../../../src/wire/content-text.ts";
import { judgeContract, UPSTREAM } from "../../../contract/judge.ts";
import { callOf } from "../../../fakes/guardrail-call.ts";
import { GuardrailServer } from "../../../fakes/guardrail-server.ts";
import documented from "../../../fixtures/judges/written-policy.json" with { type: "json" };
import { answering, conversationOf } from "../../exchange-of.ts";

const OPTIONS: WrittenPolicyOptions = {
  id: "prices",
  sides: ["input", "output"],
  upstream: UPSTREAM,
  model: null,
  policy: {
    instructions: "The assistant must not promise prices.",
    definitions: ["A price is an amount of money for something."],
    violates: ["It names what something costs."],
    safe: ["It says where prices can be found."],
    examples: [{ text: 'The "large" one is 5 francs.', violation: true }],
    categories: ["custom:prices", "incorrect"],
  },
  minimumConfidence: "low",
  maxAnswerTokens: 1_000,
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
};

const saying = (changes: object): string =>
  JSON.stringify({ violation: false, categories: [], confidence: "high", rationale: "None.", ...changes });

judgeContract({
  name: "A written policy",
  judge: createWrittenPolicyGuardrail(OPTIONS),
  safe: { input: documented.safe, output: documented.safe },
  flagged: { input: documented.flagged, output: documented.flagged },
  categories: documented.categories,
  hasSpeakers: false,
  unclear: {
    "a wrong enum": saying({ confidence: "certain" }),
    "a category that the policy does not have": saying({ violation: true, categories: ["S1"] }),
    "a violation of nothing": saying({ violation: true }),
    "a category without a violation": saying({ categories: ["incorrect"] }),
    "a key more": saying({ score: 1 }),
    "a key less": '{"violation": false, "categories": [], "confidence": "high"}',
    "a key twice": `{"violation": true, ${saying({}).slice(1)}`,
    "a key twice, hidden by an escape": `{"\\u0076iolation": true, ${saying({}).slice(1)}`,
    "half of it": saying({}).slice(0, -10),
    "a sentence around it": `Here it is: ${saying({})}`,
    "a violation that is a text": saying({ violation: "no" }),
    "a word": "no",
  },
});

describe("readPolicyJudgement", () => {
  it("reads a fenced judgement, and a rationale with quotation marks and colons in it", () => {
    const rationale = 'It says "violation": and \\ more.';
    const read = readPolicyJudgement(`\`\`\`json\n${saying({ rationale })}\n\`\`\``, ["incorrect"]);
    expect(read).toEqual({ ok: true, value: { categories: [], confidence: "high", rationale } });
  });

  it("reads no endless judgement", () => {
    expect(readPolicyJudgement(saying({ rationale: "a".repeat(9_000) }), [])).toMatchObject({ ok: false });
  });
});

async function asked(
  changes: Partial<WrittenPolicyOptions>,
  answer: string = documented.safe,
): Promise<{ server: GuardrailServer; deployed: GuardrailServer; status: string; rationale: string | null }> {
  const server = new GuardrailServer({ says: answer });
  const deployed = new GuardrailServer({ says: answer });
  const judge = createWrittenPolicyGuardrail({ ...OPTIONS, ...changes });
  const exchange = answering("It is 5.", conversationOf(["system", "You sell."], ["user", "How much?"]));
  const find = async () => await Promise.resolve(server);
  const { status, rationale } = await judge.check(exchange, "output", callOf(deployed.chat, [], undefined, find));
  return { server, deployed, status, rationale };
}

describe("what it is sent", () => {
  it("is the policy as system prompt, and the exchange quoted between delimiters", async () => {
    const { server } = await asked({ model: "gpt-oss-safeguard-20b" });
    const [request] = server.requests;
    expect(request).toMatchObject({
      model: "gpt-oss-safeguard-20b",
      temperature: 0,
      max_tokens: 1_000,
      response_format: { type: "json_schema", json_schema: { strict: true } },
    });
    const [policy, exchange] = (request?.messages ?? []).map(({ role, content }) => `${role} ${contentText(content)}`);
    for (const part of [
      "# Instructions\nThe assistant must not promise prices.",
      "# Definitions\n- A price is",
      "# What violates the policy\n- It names",
      "# What does not\n- It says",
      '# Examples\n- "The \\"large\\" one is 5 francs." → a violation',
      "# Categories\n- custom:prices\n- incorrect",
    ]) {
      expect(policy).toContain(part);
    }
    const token = /=== ([0-9a-f]{16})»/.exec(policy ?? "")?.[1] ?? "";
    expect(exchange).toMatch(
      new RegExp(
        `^user === ${token} context: system\nYou sell.\n=== ${token} context: user\nHow much\\?\n=== ${token} to be judged: assistant\nIt is 5.\n=== ${token} end`,
      ),
    );
  });

  it("goes to the deployed model where no upstream is named", async () => {
    const { server, deployed } = await asked({ upstream: null });
    expect([server.sent.length, deployed.sent.length]).toEqual([0, 1]);
  });

  it("makes its version: another policy is another version", () => {
    const other = { ...OPTIONS, policy: { ...OPTIONS.policy, instructions: "Nothing." } };
    expect(createWrittenPolicyGuardrail(other).version).not.toBe(createWrittenPolicyGuardrail(OPTIONS).version);
  });
});

describe("its judgement", () => {
  it("has a reason, and is none where it is less sure than the policy asks", async () => {
    expect(await asked({}, documented.flagged)).toMatchObject({ status: "flag", rationale: "It promises a price." });
    const unsure = await asked({ minimumConfidence: "high" }, documented.flagged);
    expect(unsure).toMatchObject({ status: "pass", rationale: "It promises a price." });
  });
});
