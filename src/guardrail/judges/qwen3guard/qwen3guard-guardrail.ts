// Qwen3Guard-Gen as a judge (github.com/QwenLM/Qwen3Guard). Law: only its own «Safe» is a pass, or «Controversial» where the policy says so.
// Not run against the real model: its prompt and its reading are tested on what its documentation publishes.
import type { Result } from "../../../lib/result.ts";
import type { ChatMessage } from "../../../wire/chat-completion.ts";
import type { GuardrailCall, SlowGuardrail } from "../../guardrail.ts";
import type { Side } from "../../verdict.ts";
import { askChat, type JudgeServer } from "../ask-chat.ts";
import type { GuardConversation } from "../guard-conversation.ts";
import { createGuardModel, messagesOf } from "../guard-model.ts";
import type { Judgement } from "../judge-in-pieces.ts";
import { QWEN3GUARD_VERSION, qwen3GuardPrompt } from "./qwen3guard-prompt.ts";
import { type Qwen3GuardReading, readQwen3Guard } from "./read-qwen3guard.ts";

/** `messages`: the server applies the model's own template (vLLM, SGLang). `prompt`: it does not, so the prompt is sent in one user turn. */
export const QWEN3GUARD_FORMATS = ["messages", "prompt"] as const;

export interface Qwen3GuardOptions extends JudgeServer, Pick<Qwen3GuardReading, "controversial"> {
  readonly id: string;
  readonly sides: readonly Side[];
  readonly format: (typeof QWEN3GUARD_FORMATS)[number];
}

/** as the README's examples ask */
const MOST_ANSWER_TOKENS = 128;

export function createQwen3GuardGuardrail(options: Qwen3GuardOptions): SlowGuardrail {
  const { id, sides, format, upstream, model, controversial } = options;

  async function ask(
    conversation: GuardConversation,
    side: Side,
    call: GuardrailCall,
  ): Promise<Result<Judgement, string>> {
    const messages: ChatMessage[] =
      format === "messages" ? messagesOf(conversation) : [{ role: "user", content: qwen3GuardPrompt(conversation) }];
    const request = { messages, temperature: 0, max_tokens: MOST_ANSWER_TOKENS };
    const said = await askChat({ upstream, model }, request, call);
    if (!said.ok) return said;
    return readQwen3Guard(said.value, { side, judged: conversation.judged, controversial });
  }

  return createGuardModel({ id, version: `qwen3guard-${QWEN3GUARD_VERSION}`, sides, vendor: "qwen3guard", ask });
}
