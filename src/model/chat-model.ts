// Port: the deployed language model. Law: a failure is a Result with the problem the client gets; nothing is thrown but an abort.
import type { Result } from "../lib/result.ts";
import type { Problem } from "../problem.ts";
import type { ChatCompletion, ChatRequest, ModelList } from "../wire/chat-completion.ts";

/** What one wake-up brings of a stream. */
export type StreamRead =
  /** the payloads of `data:` lines in their order, `[DONE]` left out */
  | { readonly kind: "events"; readonly data: readonly string[] }
  /** nothing more comes; `isDone` tells whether the upstream said `[DONE]` */
  | { readonly kind: "end"; readonly isDone: boolean }
  /** it broke off, stalled, or sent what can't be read */
  | { readonly kind: "failed"; readonly problem: Problem };

export interface ChatStream {
  /** As much as came quickly; never waits for more once something is there. */
  read(): Promise<StreamRead>;
  /** Stops the upstream at once; safe to repeat, and after the end. */
  cancel(): Promise<void>;
}

export interface ChatModel {
  /** One answer, whole. `request.stream` is ignored. */
  complete(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatCompletion, Problem>>;
  /** The answer as it comes. A problem before the first byte is the Result's; later ones are read. */
  stream(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatStream, Problem>>;
  models(signal: AbortSignal): Promise<Result<ModelList, Problem>>;
}
