// A chat model whose every call is played by a test: an answer, a problem, or a stream that breaks.
import { err, ok, type Result } from "../../src/lib/result.ts";
import type { ChatModel, ChatStream, StreamRead } from "../../src/model/chat-model.ts";
import type { Problem } from "../../src/problem.ts";
import type { ChatCompletion, ChatRequest, ModelList } from "../../src/wire/chat-completion.ts";

export function problemOfStatus(status: Problem["status"]): Problem {
  return { status, type: "upstream_error", code: `status_${status}`, message: "m", param: null };
}

/** «text» answers; a status is a problem; «breaks» is a stream that fails after its first event. */
export type Play = { readonly text: string } | { readonly status: Problem["status"] } | "breaks" | "throws";

export class PlayedModel implements ChatModel {
  readonly asked: (string | undefined)[] = [];
  play: Play;

  constructor(play: Play) {
    this.play = play;
  }

  async complete(request: ChatRequest): Promise<Result<ChatCompletion, Problem>> {
    await Promise.resolve();
    this.asked.push(request.model);
    if (this.play === "throws") throw new Error("an adapter's mistake");
    if (this.play !== "breaks" && "status" in this.play) return err(problemOfStatus(this.play.status));
    const content = this.play === "breaks" ? "half" : this.play.text;
    return ok({
      id: "c",
      object: "chat.completion",
      model: "m",
      choices: [{ index: 0, message: { role: "assistant", content } }],
    });
  }

  async stream(request: ChatRequest): Promise<Result<ChatStream, Problem>> {
    const completed = await this.complete(request);
    if (!completed.ok) return completed;
    const last: StreamRead =
      this.play === "breaks" ? { kind: "failed", problem: problemOfStatus(502) } : { kind: "end", isDone: true };
    const reads: StreamRead[] = [{ kind: "events", data: [JSON.stringify(completed.value)] }];
    return ok({
      read: async () => await Promise.resolve(reads.shift() ?? last),
      cancel: async () => {
        await Promise.resolve();
      },
    });
  }

  async models(): Promise<Result<ModelList, Problem>> {
    await Promise.resolve();
    if (typeof this.play === "object" && "status" in this.play) return err(problemOfStatus(this.play.status));
    return ok({ object: "list", data: [{ id: "listed", object: "model" }] });
  }
}
