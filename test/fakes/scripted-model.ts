// A chat model that answers from a script and remembers what it was asked.
import { err, ok, type Result } from "../../src/lib/result.ts";
import type { ChatModel, ChatStream } from "../../src/model/chat-model.ts";
import { wholeStream } from "../../src/model/whole-stream.ts";
import type { Problem } from "../../src/problem.ts";
import type { ChatCompletion, ChatRequest, ModelList } from "../../src/wire/chat-completion.ts";

/** A text; null for a model that can't be reached. */
export class ScriptedModel implements ChatModel {
  readonly requests: ChatRequest[] = [];
  answer: string | null;

  constructor(answer: string | null) {
    this.answer = answer;
  }

  async complete(request: ChatRequest): Promise<Result<ChatCompletion, Problem>> {
    await Promise.resolve();
    this.requests.push(request);
    if (this.answer === null) {
      return err({ status: 502, type: "upstream_error", code: "upstream_unreachable", message: "m", param: null });
    }
    const message = { role: "assistant", content: this.answer };
    return ok({ id: "c", object: "chat.completion", model: "the-analyst", choices: [{ index: 0, message }] });
  }

  async stream(request: ChatRequest): Promise<Result<ChatStream, Problem>> {
    return wholeStream(await this.complete(request));
  }

  async models(): Promise<Result<ModelList, Problem>> {
    await Promise.resolve();
    return ok({ object: "list", data: [] });
  }
}
