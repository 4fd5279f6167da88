// Prompt leak: the answer repeats the system prompt, our guidance or a canary, or says what the prompt marks as secret.
// Law: reads every field of the answer; what the user wrote himself is no leak, a canary always is.
import { GUIDANCE_LEAK } from "../policy/category.ts";
import type { Exchange, ExchangeText } from "./exchange.ts";
import type { FastGuardrail } from "./guardrail.ts";
import { markedSecrets } from "./marked-secrets.ts";
import { foldText } from "./normalise/fold.ts";
import { type RepeatedRun, repeatedRuns, WindowIndex } from "./repeated-runs.ts";
import { SECRECY_VERSION } from "./rules/secrecy.ts";
import { SecretForms } from "./secret-forms.ts";
import type { Finding } from "./verdict.ts";
import { judged } from "./verdicts.ts";

export interface PromptLeakOptions {
  /** strings planted in system prompts or documents for no other purpose than to be seen here */
  readonly canaries?: readonly string[];
}

const MESSAGES = {
  "system-prompt-run": "The answer repeats a run of the system prompt.",
  "guidance-run": "The answer repeats a run of the guidance.",
  "marked-secret": "The answer says something that the system prompt marks as secret.",
  canary: "The answer contains a canary.",
} as const;

type RuleId = keyof typeof MESSAGES;

function textsOf(exchange: Exchange, role: ExchangeText["role"]): string[] {
  return exchange.conversation.filter((text) => text.role === role).map(({ text }) => text);
}

function finding(rule: RuleId, location: string, range: RepeatedRun): Finding {
  const span = { location, start: range.start, end: range.end };
  return { rule, category: rule === "guidance-run" ? GUIDANCE_LEAK : "prompt_leak", span, message: MESSAGES[rule] };
}

function indexes(texts: readonly string[]): WindowIndex[] {
  return texts.map((text) => new WindowIndex(foldText(text).text));
}

/** What the exchange must keep to itself, worked out once for all fields of the answer. */
function keptBy(exchange: Exchange) {
  const userTexts = textsOf(exchange, "user");
  const systemPrompts = textsOf(exchange, "system");
  const unsaid = systemPrompts
    .flatMap(markedSecrets)
    .filter((secret) => userTexts.every((said) => new SecretForms([secret]).find(said) === null));
  return {
    said: indexes(userTexts),
    systemPrompts: indexes(systemPrompts),
    guidance: indexes(exchange.guidance),
    secrets: new SecretForms(unsaid),
  };
}

export function createPromptLeakGuardrail({ canaries = [] }: PromptLeakOptions = {}): FastGuardrail {
  const identity = { id: "prompt-leak", version: SECRECY_VERSION };
  const planted = new SecretForms(canaries);
  return {
    ...identity,
    sides: ["output"],
    check: (exchange, side) => {
      const kept = keptBy(exchange);
      const findings = exchange.answer.flatMap(({ text, location }) => {
        const view = foldText(text);
        const runsOf = (rule: RuleId, index: WindowIndex): Finding[] =>
          repeatedRuns(view.text, index, kept.said).map(({ start, end }) =>
            finding(rule, location, view.origin(start, end)),
          );
        const secret = kept.secrets.find(text);
        const canary = planted.find(text);
        return [
          ...kept.systemPrompts.flatMap((index) => runsOf("system-prompt-run", index)),
          ...kept.guidance.flatMap((index) => runsOf("guidance-run", index)),
          ...(secret === null ? [] : [finding("marked-secret", location, secret)]),
          ...(canary === null ? [] : [finding("canary", location, canary)]),
        ];
      });
      return judged(identity, side, findings);
    },
  };
}
