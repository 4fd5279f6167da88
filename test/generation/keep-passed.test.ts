// What passed is kept for the policy's feedback window, by the name that the client knows it by; by default nothing is.
import { describe, expect, it } from "vitest";
import { keepPassed } from "../../src/generation/capture-choice.ts";
import type { ExchangeDraft } from "../../src/mistake/capture.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/policy/policy.ts";
import type { ChatRequest } from "../../src/wire/chat-completion.ts";

const CALLER = { projectId: "prj_1", keyId: "key_1", requestId: "req_1", source: "production", consent: null } as const;
type Passed = Parameters<typeof keepPassed>[3];
const passed: Passed = {
  choice: 1,
  ...{ answer: { role: "assistant", content: "Paris." }, inputVerdicts: [], verdicts: [] },
  action: "allow",
  ...{ model: "stub-model", completionId: "chatcmpl-1", guidanceVersion: "sandwich-en-1", streamMode: null },
};

async function kept(
  policy: Partial<Policy>,
  request: Partial<ChatRequest> = {},
  changes: Partial<Passed> = {},
): Promise<readonly ExchangeDraft[]> {
  const drafts: ExchangeDraft[] = [];
  const nothing = async (): Promise<null> => await Promise.resolve(null);
  const dependencies = {
    capture: {
      ...{ mistake: nothing, attack: nothing },
      exchange: async (draft: ExchangeDraft) => await Promise.resolve(`exc_${drafts.push(draft)}`),
    },
    policy: { ...DEFAULT_POLICY, ...policy },
    endUserIds: { of: async (_project: string, id: string) => await Promise.resolve(`hmac of ${id}`) },
    clock: () => 1_000,
  };
  const whole = { messages: [{ role: "user" as const, content: "q" }], ...request };
  await keepPassed(dependencies, whole, CALLER, { ...passed, ...changes });
  return drafts;
}

const WINDOW = { feedback: { window_hours: 2, origins: [] } };

describe("an answer that passed", () => {
  it("is kept for the window, with whose it is and where it came from", async () => {
    expect(await kept(WINDOW, { user: "anna" })).toMatchObject([
      {
        ...{ projectId: "prj_1", choice: 1, state: "window", action: "allow", expiresAt: 1_000 + 7_200_000 },
        ...{ messages: [{ role: "user", content: "q" }], answer: { content: "Paris." } },
        provenance: { completionId: "chatcmpl-1", keyId: "key_1", endUser: "hmac of anna", model: "stub-model" },
      },
    ]);
  });

  it("is not kept by default, without consent, without a name, or where it says nothing", async () => {
    expect(await kept({})).toEqual([]);
    expect(await kept({ ...WINDOW, store: false })).toEqual([]);
    expect(await kept({ ...WINDOW, consent: "opt_in" })).toEqual([]);
    expect(await kept({ ...WINDOW, consent: "opt_in" }, { store: true })).toHaveLength(1);
    expect(await kept(WINDOW, { store: false })).toEqual([]);
    expect(await kept(WINDOW, {}, { completionId: "" })).toEqual([]);
    expect(await kept(WINDOW, {}, { answer: { role: "assistant" } })).toEqual([]);
  });
});
