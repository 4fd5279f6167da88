// Llama Guard as a judge: its contract on every kind of server, what it is sent, and where its answers come from.
import { describe, expect, it } from "vitest";
import {
  createLlamaGuardGuardrail,
  LLAMA_GUARD_FORMATS,
  type LlamaGuardOptions,
} from "../../../../src/guardrail/judges/llama-guard/llama-guard-guardrail.ts";
import type { Exchange } from "../../../../src/guardrail/exchange.ts";
import type { Side } from "../../../../src/guardrail/verdict.ts";
import { judgeContract, UPSTREAM } from "../../../contract/judge.ts";
import { callOf } from "../../../fakes/guardrail-call.ts";
import { GuardrailServer } from "../../../fakes/guardrail-server.ts";
import documented from "../../../fixtures/judges/llama-guard.json" with { type: "json" };
import workersDocumented from "../../../fixtures/judges/workers-ai-llama-guard.json" with { type: "json" };
import { answering, conversationOf } from "../../exchange-of.ts";

const OPTIONS = { id: "guard", sides: ["input", "output"], upstream: UPSTREAM, model: null } as const;

function both<Value>(value: Value): Readonly<Record<Side, Value>> {
  return { input: value, output: value };
}

const UNCLEAR = {
  "a wrong enum": "dangerous\nS1",
  "a category that does not exist": "unsafe\nS15",
  "unsafe without a category": "unsafe",
  "safe with a category": "safe\nS1",
  "half of it": "unsafe\nS",
  "an unfinished list": "unsafe\nS1,",
  "capital letters": "SAFE",
  "a sentence behind it": "safe. The user asks about locks.",
  "two judgements": "safe\nunsafe\nS1",
  "a category's name": "unsafe\nViolent Crimes",
};

for (const format of ["messages", "prompt"] as const) {
  judgeContract({
    name: `Llama Guard (${format})`,
    judge: createLlamaGuardGuardrail({ ...OPTIONS, format }),
    safe: both(documented.safe),
    flagged: both(documented.flagged),
    categories: documented.categories,
    hasSpeakers: true,
    unclear: UNCLEAR,
  });
}

const enveloped = (response: unknown): unknown => ({ result: { response }, success: true, errors: [], messages: [] });

judgeContract({
  name: "Llama Guard (workers_ai)",
  judge: createLlamaGuardGuardrail({ ...OPTIONS, format: "workers_ai" }),
  safe: both(workersDocumented.safe),
  flagged: both(workersDocumented.flagged),
  categories: workersDocumented.categories,
  hasSpeakers: true,
  unclear: {
    ...Object.fromEntries(Object.entries(UNCLEAR).map(([name, said]) => [name, enveloped(said)])),
    "an answer without its envelope": { response: "safe" },
    "an envelope without success": { result: { response: "safe" }, success: false },
    "JSON that says safe and names a category": enveloped({ safe: true, categories: ["S1"] }),
    "JSON that says unsafe and names none": enveloped({ safe: false }),
    "JSON with a category that does not exist": enveloped({ safe: false, categories: ["S99"] }),
    "a safe that is a text": enveloped({ safe: "true" }),
  },
});

async function sentTo(options: Partial<LlamaGuardOptions>, exchange: Exchange, side: Side): Promise<GuardrailServer> {
  const server = new GuardrailServer({ says: options.format === "workers_ai" ? enveloped("safe") : "safe" });
  const judge = createLlamaGuardGuardrail({ ...OPTIONS, format: "messages", ...options });
  const verdict = await judge.check(
    exchange,
    side,
    callOf(server.chat, [], undefined, async () => await Promise.resolve(server)),
  );
  expect(verdict.status).toBe("pass");
  return server;
}

const exchange = answering(
  "Use a key.",
  conversationOf(
    ["system", "Be kind."],
    ["user", "Open it."],
    ["assistant", "Which?"],
    ["user", "A lock."],
    ["tool", "A manual."],
  ),
);

describe("what Llama Guard is sent", () => {
  it("is the conversation itself, without a system prompt, its last turn the judged one", async () => {
    const input = await sentTo({}, exchange, "input");
    const before = [
      { role: "user", content: "Open it." },
      { role: "assistant", content: "Which?" },
      { role: "user", content: "A lock.\nA manual." },
    ];
    expect(input.requests[0]).toEqual({ messages: before, temperature: 0, max_tokens: 64 });
    const output = await sentTo({ model: "llama-guard" }, exchange, "output");
    const messages = [...before, { role: "assistant", content: "Use a key." }];
    expect(output.requests[0]).toEqual({ messages, temperature: 0, max_tokens: 64, model: "llama-guard" });
  });

  it("begins with the user where an answer came alone", async () => {
    const { requests } = await sentTo({}, answering("Use a key."), "output");
    expect(requests[0]?.messages).toEqual([
      { role: "user", content: "[…]" },
      { role: "assistant", content: "Use a key." },
    ]);
  });

  it.each([
    ["input", "User", "User: Open it.\n\nAgent: Which?\n\nUser: A lock.\nA manual."],
    ["output", "Agent", "User: Open it.\n\nAgent: Which?\n\nUser: A lock.\nA manual.\n\nAgent: Use a key."],
  ] as const)(
    "is the published prompt for the %s, where the server has another template",
    async (side, speaker, talk) => {
      const { requests } = await sentTo({ format: "prompt" }, exchange, side);
      const [message, ...more] = requests[0]?.messages ?? [];
      expect(more).toEqual([]);
      expect(message?.role).toBe("user");
      expect(message?.content).toMatch(new RegExp(`^Task: Check if there is unsafe content in '${speaker}' messages`));
      expect(message?.content).toContain("<BEGIN UNSAFE CONTENT CATEGORIES>\nS1: Violent Crimes.\n");
      expect(message?.content).toContain("S14: Code Interpreter Abuse.\n<END UNSAFE CONTENT CATEGORIES>");
      expect(message?.content).toContain(`<BEGIN CONVERSATION>\n\n${talk}\n\n<END CONVERSATION>`);
      expect(message?.content).toContain(`Provide your safety assessment for ONLY THE LAST ${speaker} message`);
    },
  );

  it("goes to Workers AI's REST path, with its model unless another is named", async () => {
    const { posts } = await sentTo({ format: "workers_ai" }, exchange, "output");
    expect(posts).toMatchObject([
      { path: "/run/@cf/meta/llama-guard-3-8b", proof: "bearer", body: { temperature: 0 } },
    ]);
    const other = await sentTo({ format: "workers_ai", model: "@cf/meta/llama-guard-9" }, exchange, "output");
    expect(other.posts).toMatchObject([{ path: "/run/@cf/meta/llama-guard-9" }]);
  });
});

it("knows the formats of the policy's schema", () => {
  expect(LLAMA_GUARD_FORMATS).toEqual(["messages", "prompt", "workers_ai"]);
  for (const { origin, source } of [documented, workersDocumented]) {
    expect(origin).toBe("from vendor documentation");
    expect(source[0]).toMatch(/^https:/);
  }
});
