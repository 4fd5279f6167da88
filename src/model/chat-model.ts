// Port: the deployed language model. Law: a failure is a Result with the problem the client gets; nothing is thrown but an abort.
import type { Result } from "../lib/result.ts";
import type { Problem } from "../problem.ts";
import type { ChatCompletion, ChatRequest, ModelList } from "../wire/chat-completion.ts";

export interface ChatModel {
  /** One answer, whole. `request.stream` is ignored. */
  complete(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatCompletion, Problem>>;
  models(signal: AbortSignal): Promise<Result<ModelList, Problem>>;
}
