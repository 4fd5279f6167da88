// A whole completion as a stream, for models that can't stream. Law: one read brings everything, as chunks that OpenAI could have sent.
import { ok, type Result } from "../lib/result.ts";
import type { Problem } from "../problem.ts";
import type { ChatCompletion } from "../wire/chat-completion.ts";
import { completionChunks } from "../wire/completion-chunks.ts";
import type { ChatStream, StreamRead } from "./chat-model.ts";

export function wholeStream(completed: Result<ChatCompletion, Problem>): Result<ChatStream, Problem> {
  return completed.ok ? ok(completedStream(completed.value)) : completed;
}

export function completedStream(completion: ChatCompletion): ChatStream {
  const reads: StreamRead[] = [
    { kind: "events", data: completionChunks(completion, true).map((chunk) => JSON.stringify(chunk)) },
  ];
  return {
    read: async () => await Promise.resolve(reads.shift() ?? { kind: "end", isDone: true }),
    cancel: async () => {
      reads.length = 0;
      await Promise.resolve();
    },
  };
}
