// One deployed model under its name. Law: a client never chooses another model than the operator's.
import { err, ok, type Result } from "../lib/result.ts";
import { invalidRequest, type Problem } from "../problem.ts";
import type { ChatCompletion, ChatRequest, ModelList } from "../wire/chat-completion.ts";
import type { ChatModel, ChatStream } from "./chat-model.ts";

/** What a client may always call the deployed model. */
export const DEFAULT_MODEL_NAME = "default";

export function modelNotFound(name: string): Problem {
  return {
    status: 404,
    type: "not_found_error",
    code: "model_not_found",
    message: `The model "${name}" does not exist here. GET /v1/models lists what does; "${DEFAULT_MODEL_NAME}" is the deployed model.`,
    param: "model",
  };
}

/**
 * With `deployed` null the upstream's own names are passed on. Otherwise a request may name the deployed model,
 * `default`, or nothing.
 */
export class NamedModel implements ChatModel {
  readonly #inner: ChatModel;
  readonly #deployed: string | null;

  constructor(inner: ChatModel, deployed: string | null) {
    this.#inner = inner;
    this.#deployed = deployed;
  }

  async complete(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatCompletion, Problem>> {
    const named = this.#named(request);
    return named.ok ? await this.#inner.complete(named.value, signal) : named;
  }

  async stream(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatStream, Problem>> {
    const named = this.#named(request);
    return named.ok ? await this.#inner.stream(named.value, signal) : named;
  }

  #named(request: ChatRequest): Result<ChatRequest, Problem> {
    if (this.#deployed === null) {
      return request.model === undefined
        ? err(invalidRequest("model: name the model to ask.", "model", "missing_model"))
        : ok(request);
    }
    const asked = request.model ?? DEFAULT_MODEL_NAME;
    if (asked !== DEFAULT_MODEL_NAME && asked !== this.#deployed) return err(modelNotFound(asked));
    return ok({ ...request, model: this.#deployed });
  }

  async models(signal: AbortSignal): Promise<Result<ModelList, Problem>> {
    const listed = await this.#inner.models(signal);
    if (!listed.ok || this.#deployed === null) return listed;
    const data = listed.value.data.filter(({ id }) => id === this.#deployed);
    return {
      ok: true,
      value: { object: "list", data: data.length > 0 ? data : [{ id: this.#deployed, object: "model" }] },
    };
  }
}
