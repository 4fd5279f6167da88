// A model for calls of ours that name none: a judge asks the model that the client asked. Law: a name that is given stays.
import type { ChatModel } from "./chat-model.ts";
import type { ChatRequest } from "../wire/chat-completion.ts";

export function withDefaultName(model: ChatModel, name: string | undefined): ChatModel {
  if (name === undefined) return model;
  const named = (request: ChatRequest): ChatRequest => ({ model: name, ...request });
  return {
    complete: async (request, signal) => await model.complete(named(request), signal),
    stream: async (request, signal) => await model.stream(named(request), signal),
    models: async (signal) => await model.models(signal),
  };
}
