// One captured mistake as the consumer gets it: of ordinary size, with the verdicts that a whole cascade of guardrails gives.
import type { Captured } from "../../src/mistake/mistake-store.ts";
import { prose } from "../gateway/prose.ts";

const QUESTION_CHARACTERS = 600;
const ANSWER_CHARACTERS = 1_000;
const GUARDRAILS = ["operator_rules", "secrets", "pii", "over_refusal", "prompt_leak", "profanity", "edge_classifier"];

export function capturedTemplate(): string {
  const captured: Captured = {
    type: "mistake",
    mistake: {
      id: "mis_template",
      projectId: "prj_default",
      kind: "other",
      source: "production",
      state: "captured",
      categories: ["custom:bench"],
      verdicts: GUARDRAILS.map((guardrail, place) => ({
        guardrail,
        version: "1",
        side: "output",
        status: place === 0 ? "flag" : "pass",
        reason: null,
        score: null,
        threshold: null,
        latencyMilliseconds: 0.1,
        rationale: null,
        findings:
          place === 0
            ? [
                {
                  rule: "bench",
                  category: "custom:bench",
                  span: { location: "content", start: 0, end: 9 },
                  message: "m",
                },
              ]
            : [],
      })),
      action: "block",
      releasedCharacters: 0,
      correction: null,
      provenance: {
        model: "bench",
        guidanceVersion: "sandwich-en-1",
        policyVersion: "default-2",
        classifierVersion: null,
        keyId: "key_bench",
        endUser: null,
        requestId: "req_bench",
        completionId: "chatcmpl-bench",
        streamMode: null,
      },
      clusterId: null,
      quarantine: null,
      createdAt: 1_790_000_000_000,
    },
    exchange: {
      inline: {
        messages: [{ role: "user", content: prose(QUESTION_CHARACTERS) }],
        answer: { role: "assistant", content: prose(ANSWER_CHARACTERS) },
      },
    },
  };
  return JSON.stringify(captured);
}
