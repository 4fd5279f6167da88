// A model that is asked under one name, whatever the request says. Law: null leaves the request's own.
import type { ChatModel } from "./chat-model.ts";
import type { ChatRequest } from "../wire/chat-completion.ts";

export function withModelName(model: ChatModel, name: string | null): ChatModel {
  if (name === null) return model;
  const named = (request: ChatRequest): ChatRequest => ({ ...request, model: name });
  return {
    complete: async (request, signal) => await model.complete(named(request), signal),
    stream: async (request, signal) => await model.stream(named(request), signal),
    models: async (signal) => await model.models(signal),
  };
}
