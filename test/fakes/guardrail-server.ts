// A guardrail's server in a test: answers from a script, as a chat model and as plain JSON, and remembers what it was sent.
import { err, ok, type Result } from "../../src/lib/result.ts";
import type { GuardrailUpstream } from "../../src/model/guardrail-upstream.ts";
import type { JsonPost } from "../../src/model/http-endpoint.ts";
import type { Problem } from "../../src/problem.ts";
import type { ChatCompletion, ChatRequest } from "../../src/wire/chat-completion.ts";
import { contentText } from "../../src/wire/content-text.ts";

/** null: it can't be reached; «hangs»: it says nothing until it is told to stop. A chat model says a text, anything else is JSON. */
export type GuardrailReply = { readonly says: unknown } | "hangs" | null;

const UNREACHABLE: Problem = {
  status: 502,
  type: "upstream_error",
  code: "upstream_unreachable",
  message: "m",
  param: null,
};

export class GuardrailServer implements GuardrailUpstream {
  readonly requests: ChatRequest[] = [];
  readonly posts: JsonPost[] = [];
  /** what was sent, as text */
  readonly sent: string[] = [];
  isToldToStop = false;
  atOnce = 0;
  mostAtOnce = 0;
  readonly #reply: (sent: string) => GuardrailReply;

  constructor(reply: GuardrailReply | ((sent: string) => GuardrailReply)) {
    this.#reply = typeof reply === "function" ? reply : () => reply;
  }

  readonly chat: GuardrailUpstream["chat"] = {
    complete: async (request, signal): Promise<Result<ChatCompletion, Problem>> => {
      this.requests.push(request);
      const said = await this.#answer(request.messages.map(({ content }) => contentText(content)).join("\n"), signal);
      if (!said.ok) return said;
      const message = {
        role: "assistant",
        content: typeof said.value === "string" ? said.value : JSON.stringify(said.value),
      };
      return ok({ id: "c", object: "chat.completion", model: "the-guard", choices: [{ index: 0, message }] });
    },
    stream: async () => await Promise.reject(new Error("not asked for")),
    models: async () => await Promise.resolve(ok({ object: "list" as const, data: [] })),
  };

  readonly endpoint: GuardrailUpstream["endpoint"] = {
    post: async (post, signal) => {
      this.posts.push(post);
      return await this.#answer(JSON.stringify(post.body), signal);
    },
  };

  async #answer(sent: string, signal: AbortSignal): Promise<Result<unknown, Problem>> {
    this.sent.push(sent);
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    const reply = this.#reply(sent);
    if (reply === "hangs") {
      await new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          this.isToldToStop = true;
          reject(new Error("stopped"));
        });
      });
    }
    await Promise.resolve();
    this.atOnce -= 1;
    return reply === null || reply === "hangs" ? err(UNREACHABLE) : ok(reply.says);
  }
}
