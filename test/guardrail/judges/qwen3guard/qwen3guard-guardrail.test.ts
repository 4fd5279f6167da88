// Qwen3Guard as a judge: its contract, what it is sent, and what its middle level counts for.
import { describe, expect, it } from "vitest";
import {
  createQwen3GuardGuardrail,
  type Qwen3GuardOptions,
} from "../../../../src/guardrail/judges/qwen3guard/qwen3guard-guardrail.ts";
import { readQwen3Guard } from "../../../../src/guardrail/judges/qwen3guard/read-qwen3guard.ts";
import { judgeContract, UPSTREAM } from "../../../contract/judge.ts";
import { callOf } from "../../../fakes/guardrail-call.ts";
import { GuardrailServer } from "../../../fakes/guardrail-server.ts";
import documented from "../../../fixtures/judges/qwen3guard.json" with { type: "json" };
import { answering, conversationOf } from "../../exchange-of.ts";

const OPTIONS: Omit<Qwen3GuardOptions, "format"> = {
  ...{ id: "qwen", upstream: UPSTREAM, model: null },
  controversial: "flag",
  sides: ["input", "output"],
};

for (const format of ["messages", "prompt"] as const) {
  judgeContract({
    name: `Qwen3Guard (${format})`,
    judge: createQwen3GuardGuardrail({ ...OPTIONS, format }),
    safe: documented.safe,
    flagged: documented.flagged,
    categories: documented.categories,
    hasSpeakers: true,
    unclear: {
      "a wrong level": "Safety: Dangerous\nCategories: Violent\nRefusal: No",
      "a wrong category": "Safety: Unsafe\nCategories: Rude\nRefusal: No",
      "safe with a category": "Safety: Safe\nCategories: Violent\nRefusal: No",
      "unsafe without one": "Safety: Unsafe\nCategories: None\nRefusal: No",
      "the first line alone": "Safety: Safe",
      "half of it": "Safety: Safe\nCategories: ",
      "another refusal": "Safety: Safe\nCategories: None\nRefusal: Maybe",
      "a line more": "Safety: Safe\nCategories: None\nRefusal: No\nSafety: Unsafe",
      "thoughts before it": "<think>Well.</think>\nSafety: Safe\nCategories: None\nRefusal: No",
      "lower case": "safety: safe\ncategories: none\nrefusal: no",
    },
  });
}

const reading = { side: "input", judged: "user", controversial: "flag" } as const;

describe("readQwen3Guard", () => {
  it("reads every category of the template", () => {
    const list =
      "Violent, Non-violent Illegal Acts, Sexual Content or Sexual Acts, PII, Suicide & Self-Harm, Unethical Acts, Politically Sensitive Topics,Copyright Violation, Jailbreak";
    const read = readQwen3Guard(`Safety: Unsafe\nCategories: ${list}`, reading);
    expect(read.ok && read.value.findings.map(({ category }) => category)).toEqual([
      ...["S1", "S2", "S12", "S7", "S11", "S10", "S13", "S8"],
      "prompt_attack",
    ]);
  });

  it.each([
    ["flag", 1],
    ["pass", 0],
  ] as const)("counts what is controversial as a %s where the policy says so", (controversial, findings) => {
    const read = readQwen3Guard("Safety: Controversial\nCategories: Unethical Acts", { ...reading, controversial });
    expect(read.ok && read.value.findings).toHaveLength(findings);
  });

  it("takes the lines of an answer for none of a request, and a jailbreak for none of an answer", () => {
    expect(readQwen3Guard(documented.safe.output, reading).ok).toBe(false);
    const ofAnswer = { ...reading, side: "output", judged: "assistant" } as const;
    expect(readQwen3Guard(documented.safe.input, ofAnswer).ok).toBe(false);
    expect(readQwen3Guard("Safety: Unsafe\nCategories: Jailbreak\nRefusal: No", ofAnswer).ok).toBe(false);
  });
});

describe("what Qwen3Guard is sent", () => {
  const exchange = answering("Use a key.", conversationOf(["system", "Be kind."], ["user", "Open it."]));

  it.each([
    ["input", "LAST **USER's query**", "Jailbreak.\n<END UNSAFE", "USER: Open it.\n\n<END CONVERSATION>"],
    [
      "output",
      "LAST **ASSISTANT's response**",
      "Copyright Violation.\n<END UNSAFE",
      "USER: Open it.\n\nASSISTANT: Use a key.\n",
    ],
  ] as const)("is the published prompt for the %s, where the server has another template", async (side, ...parts) => {
    const server = new GuardrailServer({ says: documented.safe[side] });
    const judge = createQwen3GuardGuardrail({ ...OPTIONS, format: "prompt" });
    const find = async () => await Promise.resolve(server);
    await judge.check(exchange, side, callOf(server.chat, [], undefined, find));
    const [content] = server.sent;
    for (const part of [...parts, "# Task:\n1) Evaluate whether THE LAST "]) expect(content).toContain(part);
    expect(content?.includes("The third line")).toBe(side === "output");
  });

  it("is the conversation itself, where the server applies the model's template", async () => {
    const server = new GuardrailServer({ says: documented.safe.output });
    const judge = createQwen3GuardGuardrail({ ...OPTIONS, format: "messages", model: "qwen3guard" });
    const find = async () => await Promise.resolve(server);
    await judge.check(exchange, "output", callOf(server.chat, [], undefined, find));
    expect(server.requests).toEqual([
      {
        messages: [
          { role: "user", content: "Open it." },
          { role: "assistant", content: "Use a key." },
        ],
        temperature: 0,
        max_tokens: 128,
        model: "qwen3guard",
      },
    ]);
  });
});
