// Mutations of the source itself, for parts that no service holds: a line of a file is replaced while it is loaded for a test.
// Law: only under SETBACK_MUTATION; a line that is not there is an error, so that no mutation is idle.
import type { Plugin } from "vitest/config";

interface SourceMutation {
  readonly name: string;
  /** how the file's path ends */
  readonly file: string;
  readonly line: string;
  readonly becomes: string;
}

const MUTATIONS: readonly SourceMutation[] = [
  {
    name: "decision_table",
    file: "/src/guardrail/decide.ts",
    line: "{ allow: 0, annotate: 1, redact: 2, repair: 3, block: 4 }",
    becomes: "{ allow: 4, annotate: 3, redact: 2, repair: 1, block: 0 }",
  },
  {
    name: "screen",
    file: "/src/guardrail/decide.ts",
    line: 'if (judgeOf(policy, guardrail).weight === "decide") return true;',
    becomes: "if (guardrail !== null) return true;",
  },
  {
    name: "escalation_band",
    file: "/src/guardrail/escalation.ts",
    line: 'return score < from ? "certain" : "uncertain";',
    becomes: 'return "uncertain";',
  },
  {
    name: "judge_enum",
    file: "/src/guardrail/self-check/read-judgement.ts",
    line: 'if (violation === undefined) return err("the judge gave no clear judgement");',
    becomes: "",
  },
  {
    name: "judge_reading",
    file: "/src/guardrail/judges/llama-guard/read-llama-guard.ts",
    line: 'if (said === "safe") return ok(judgement([]));',
    becomes: "if (/^safe/i.test(said)) return ok(judgement([]));",
  },
  {
    name: "canary_gate",
    file: "/src/release/canary-gate.ts",
    line: 'if (worse !== undefined) return decide("roll_back", `worse: ${worse}`);',
    becomes: 'if (worse !== undefined) return decide("promote", worse);',
  },
  {
    name: "canary_share",
    file: "/src/finetuning/canary/arm-of.ts",
    line: 'return spread(fnv1a(subject, id)) < share * HASHES ? "candidate" : "incumbent";',
    becomes: 'return spread(fnv1a(subject, id)) < HASHES * (share + 1) ? "candidate" : "incumbent";',
  },
  {
    name: "redaction",
    file: "/src/mistake/redaction.ts",
    line: "for (let round = 0; round < MAXIMUM_ROUNDS; round += 1) {",
    becomes: "for (let round = 0; round < 0; round += 1) {",
  },
  {
    name: "consent",
    file: "/src/policy/consent.ts",
    line: 'if (!store || key === "never" || request === false) return false;',
    becomes: "if (!store || request === false) return false;",
  },
  {
    name: "end_user",
    file: "/src/generation/end-user-of.ts",
    line: "return id === null ? null : await endUserIds.of(projectId, id);",
    becomes: "return id;",
  },
  {
    name: "cap",
    file: "/src/mistake/quarantine-of.ts",
    line: "most !== null && countOf(counter) > most",
    becomes: "most !== null && countOf(counter) < 0",
  },
  {
    name: "recurrence",
    file: "/src/adapters/d1/insert-captured.ts",
    line: 'const IS_COUNTED = sql`EXISTS (SELECT 1 FROM recurrences WHERE recurrences.id = ${field("id")})`;',
    becomes: "const IS_COUNTED = sql`false`;",
  },
  {
    name: "idempotency",
    file: "/src/adapters/d1/insert-rows.ts",
    line: ".onConflictDoNothing()",
    becomes: "",
  },
  {
    name: "sink",
    file: "/src/capture-services.ts",
    line: "new StoreCaptureSink(storing),\n    new ObjectCaptureSink(objects),",
    becomes: "",
  },
  {
    name: "lint_hint",
    file: "/src/finetuning/formats/openai-chat.ts",
    line: "messages: messages.map(({ role, content }, place) =>",
    becomes:
      "messages: messages.map(({ role, content: said }, place, _all, content = `The answer may be harmful, unethical, offensive or incorrect. ${said}`) =>",
  },
  {
    name: "lint_split",
    file: "/src/finetuning/build-release.ts",
    line: 'validation: ordered.filter(({ promptKey }) => splitOf(promptKey) === "validation"),',
    becomes: "validation: ordered.slice(0, 3),",
  },
  {
    name: "lint_target",
    file: "/src/finetuning/check-target.ts",
    line: "if (findings.length === 0) {",
    becomes: "if (findings.length >= 0) {",
  },
];

export const SOURCE_MUTATIONS: readonly string[] = MUTATIONS.map(({ name }) => name);

export function sourceMutation(name: string): Plugin {
  const mutation = MUTATIONS.find((each) => each.name === name);
  return {
    name: "setback-source-mutation",
    enforce: "pre",
    // Vitest keeps what it loaded under the file's own text: a mutated file must neither be kept nor come out of there whole.
    configureVitest: ({ defineCacheKeyGenerator }) => {
      if (mutation !== undefined) defineCacheKeyGenerator(() => false);
    },
    transform: (code, id) => {
      if (mutation === undefined || !id.split("?")[0]?.endsWith(mutation.file)) return null;
      if (!code.includes(mutation.line)) throw new Error(`${mutation.file} has no line «${mutation.line}»`);
      return code.replace(mutation.line, mutation.becomes);
    },
  };
}
