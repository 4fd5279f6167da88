// Asks for structured outputs where the server knows them (platform.openai.com/docs/guides/structured-outputs). Law: one that refuses
// them is asked once more in plain words, and in no others from then on.
import type { ChatModel } from "../../model/chat-model.ts";
import type { ChatRequest } from "../../wire/chat-completion.ts";

export type Complete = (
  model: ChatModel,
  request: ChatRequest,
  signal: AbortSignal,
) => ReturnType<ChatModel["complete"]>;

export function createStructuredCompletion(): Complete {
  /** Models that refused structured outputs and answered without; bounded by the models that live. */
  const plainSpoken = new WeakSet<ChatModel>();
  return async (model, request, signal) => {
    const { response_format: _format, ...plain } = request;
    if (plainSpoken.has(model)) return await model.complete(plain, signal);
    const completed = await model.complete(request, signal);
    if (completed.ok || (completed.error.status !== 400 && completed.error.status !== 422)) return completed;
    const repeated = await model.complete(plain, signal);
    if (repeated.ok) plainSpoken.add(model);
    return repeated;
  };
}
