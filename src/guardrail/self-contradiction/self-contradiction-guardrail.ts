// Asks short questions again and flags an answer that most other answers contradict: what a model makes up differs
// from sample to sample (SelfCheckGPT, arXiv 2303.08896). Law: a check of quality, so it never costs an answer — what can't be
// compared is `skipped` with the reason, never a pass.
import type { RandomBytes } from "../../lib/ids.ts";
import { languageOf } from "../../lib/language.ts";
import type { ChatRequest } from "../../wire/chat-completion.ts";
import { ownCallTokens } from "../../wire/completion-tokens.ts";
import type { Exchange, ExchangeText } from "../exchange.ts";
import type { GuardrailCall, SlowGuardrail } from "../guardrail.ts";
import { withoutSpecialTokens } from "../judges/special-tokens.ts";
import { drawToken } from "../judges/draw-token.ts";
import { judged, skipped } from "../verdicts.ts";
import { SELF_CONTRADICTION_PROMPTS, SELF_CONTRADICTION_VERSION } from "./self-contradiction-prompts.ts";

const RULE = "self-contradiction";
/** Longer ones are seldom a fact or two, and cost more to ask for again. */
const MOST_ANSWER_CHARACTERS = 600;
const MOST_CONVERSATION_CHARACTERS = 8_000;
const MOST_SAMPLE_TOKENS = 250;
const MOST_WORD_TOKENS = 5;
/** More than half of the other answers. */
const THRESHOLD = 0.5;
/** What a server puts next to the message. */
const BESIDE = /^(?:choice|completion)\./;

export interface SelfContradictionOptions {
  readonly id: string;
  /** the model's name at the server; null: the server's own */
  readonly model: string | null;
  /** how many other answers each is held against */
  readonly answers: number;
  readonly randomBytes: RandomBytes;
}

/** The answer, where it is one short text and the conversation is short texts alone; else why it is not checked. */
function subjectOf({
  conversation,
  answer,
  expected,
}: Exchange): { readonly text: string } | { readonly reason: string } {
  const [content, more] = answer.filter(({ location }) => !BESIDE.test(location));
  if (content?.location !== "content" || more !== undefined) return { reason: "The answer is more than one text." };
  if (content.text.trim() === "" || content.text.length > MOST_ANSWER_CHARACTERS) {
    return { reason: "The answer is not short." };
  }
  const length = conversation.reduce((sum, { text }) => sum + text.length, 0);
  if (length === 0 || length > MOST_CONVERSATION_CHARACTERS) return { reason: "The conversation is not short." };
  if ((expected?.tools ?? []).length > 0 || conversation.some(({ role }) => role === "tool")) {
    return { reason: "Tools have a part in the answer." };
  }
  return { text: content.text };
}

function againRequest(conversation: readonly ExchangeText[]): ChatRequest {
  const messages = conversation.map(({ role, text }) => ({ role, content: text }));
  return { messages, temperature: 1, max_tokens: MOST_SAMPLE_TOKENS };
}

function compareRequest(question: string, first: string, second: string, randomBytes: RandomBytes): ChatRequest {
  const { task, labels, question: asked } = SELF_CONTRADICTION_PROMPTS[languageOf(first)];
  const token = drawToken([question, first, second], randomBytes);
  const content = [
    task.replace("TOKEN", token),
    `=== ${token} ${labels.question}\n${withoutSpecialTokens(question)}`,
    `=== ${token} ${labels.first}\n${withoutSpecialTokens(first)}`,
    `=== ${token} ${labels.second}\n${withoutSpecialTokens(second)}`,
    `=== ${token} ${labels.end}`,
    asked,
  ].join("\n");
  return { messages: [{ role: "user", content }], temperature: 0, max_tokens: MOST_WORD_TOKENS };
}

async function ask(request: ChatRequest, { model, signal, spend }: GuardrailCall): Promise<string | null> {
  const completed = await model.complete(request, signal);
  if (!completed.ok) return null;
  spend({ model: completed.value.model, ...ownCallTokens(request, completed.value) });
  const text = completed.value.choices[0]?.message.content ?? "";
  return text.trim() === "" ? null : text;
}

/** null where the model gives no clear word. */
function yesOrNo(text: string | null): boolean | null {
  const [, word] = /^\W{0,10}(yes|no)\b/i.exec(text ?? "") ?? [];
  return word === undefined ? null : word.toLowerCase() === "yes";
}

export function createSelfContradictionGuardrail({
  id,
  model,
  answers,
  randomBytes,
}: SelfContradictionOptions): SlowGuardrail {
  const identity = { id, version: SELF_CONTRADICTION_VERSION };
  const named = model === null ? {} : { model };

  async function contradicts(exchange: Exchange, text: string, call: GuardrailCall): Promise<boolean | null> {
    const other = await ask({ ...againRequest(exchange.conversation), ...named }, call);
    if (other === null) return null;
    const question = exchange.conversation.findLast(({ role }) => role === "user")?.text ?? "";
    return yesOrNo(await ask({ ...compareRequest(question, text, other, randomBytes), ...named }, call));
  }

  return {
    ...identity,
    sides: ["output"],
    categories: ["incorrect"],
    isForWholeAnswers: true,
    check: async (exchange, side, call) => {
      const subject = subjectOf(exchange);
      if ("reason" in subject) return skipped(identity, side, subject.reason);
      let words: (boolean | null)[];
      try {
        words = await Promise.all(
          Array.from({ length: answers }, async () => await contradicts(exchange, subject.text, call)),
        );
      } catch {
        return skipped(identity, side, "The model could not be asked again in time.");
      }
      const clear = words.filter((word) => word !== null);
      if (clear.length < answers) return skipped(identity, side, "The model gave no clear word on its answers.");
      const score = clear.filter(Boolean).length / answers;
      const message = "Other answers of the model to the same question contradict this one.";
      const findings = score > THRESHOLD ? [{ rule: RULE, category: "incorrect" as const, span: null, message }] : [];
      return judged(identity, side, findings, { score, threshold: THRESHOLD });
    },
  };
}
