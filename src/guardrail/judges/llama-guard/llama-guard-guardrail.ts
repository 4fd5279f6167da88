// Llama Guard 3 and 4 as a judge (arXiv 2312.06674; model cards in meta-llama/PurpleLlama). Law: only its own «safe» is a pass.
// Not run against the real model: its prompt and its reading are tested on what its documentation publishes.
import type { Result } from "../../../lib/result.ts";
import type { ChatRequest } from "../../../wire/chat-completion.ts";
import type { GuardrailCall, SlowGuardrail } from "../../guardrail.ts";
import type { Side } from "../../verdict.ts";
import { askChat, type JudgeServer } from "../ask-chat.ts";
import { askEndpoint } from "../ask-endpoint.ts";
import type { GuardConversation } from "../guard-conversation.ts";
import { createGuardModel, messagesOf } from "../guard-model.ts";
import type { Judgement } from "../judge-in-pieces.ts";
import { LLAMA_GUARD_VERSION, llamaGuardPrompt } from "./llama-guard-prompt.ts";
import { readLlamaGuard, readWorkersAnswer } from "./read-llama-guard.ts";

/**
 * How the server takes a conversation. `messages`: an OpenAI-compatible server that applies the model's own template (vLLM, SGLang,
 * Ollama, Workers AI's /ai/v1). `prompt`: one that would apply another one, so the whole prompt is sent in one user turn. A prompt in the prompt would
 * be judged as what a user said, hence the choice. `workers_ai`: Cloudflare's REST API, its base address ending in /ai.
 */
export const LLAMA_GUARD_FORMATS = ["messages", "prompt", "workers_ai"] as const;

export interface LlamaGuardOptions extends JudgeServer {
  readonly id: string;
  readonly sides: readonly Side[];
  readonly format: (typeof LLAMA_GUARD_FORMATS)[number];
}

const WORKERS_AI_MODEL = "@cf/meta/llama-guard-3-8b";
/** «unsafe» and all fourteen ids */
const MOST_ANSWER_TOKENS = 64;
const SETTINGS = { temperature: 0, max_tokens: MOST_ANSWER_TOKENS } as const;

export function createLlamaGuardGuardrail({ id, sides, format, upstream, model }: LlamaGuardOptions): SlowGuardrail {
  async function ask(
    conversation: GuardConversation,
    side: Side,
    call: GuardrailCall,
  ): Promise<Result<Judgement, string>> {
    const messages = messagesOf(conversation);
    if (format === "workers_ai") {
      const name = model ?? WORKERS_AI_MODEL;
      const texts = conversation.turns.map(({ text }) => text);
      const body = { messages, ...SETTINGS };
      const post = { path: `/run/${name}`, body, proof: "bearer", upstream, model: name, texts } as const;
      const answered = await askEndpoint(post, call);
      return answered.ok ? readWorkersAnswer(answered.value, side) : answered;
    }
    const request: ChatRequest =
      format === "messages"
        ? { messages, ...SETTINGS }
        : { messages: [{ role: "user", content: llamaGuardPrompt(conversation) }], ...SETTINGS };
    const said = await askChat({ upstream, model }, request, call);
    return said.ok ? readLlamaGuard(said.value, side) : said;
  }

  const version = `llama-guard-${LLAMA_GUARD_VERSION}`;
  return createGuardModel({ id, version, sides, vendor: "llama_guard", ask });
}
