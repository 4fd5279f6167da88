// The chat model on Workers AI (developers.cloudflare.com/workers-ai). Law: a missing or rejecting binding is `unavailable`, never an answer.
// Not run against the real service: the binding has no local simulator. Its reading is tested on the shapes its docs publish.
import { z } from "zod";
import type { Clock } from "../../lib/clock.ts";
import type { MakeId } from "../../lib/ids.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import type { ChatModel } from "../../model/chat-model.ts";
import type { Problem } from "../../problem.ts";
import {
  chatCompletionSchema,
  type ChatCompletion,
  type ChatRequest,
  type ModelList,
} from "../../wire/chat-completion.ts";
import { upstreamInvalid, upstreamUnavailable } from "../upstream/upstream-problem.ts";

/** The part of the `Ai` binding that we call. */
export interface WorkersAi {
  run(model: string, inputs: Record<string, unknown>): Promise<unknown>;
}

export interface WorkersAiOptions {
  readonly binding: WorkersAi | null;
  readonly model: string;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

/** Older models answer with their text alone, newer ones with a chat completion. */
const plainResponseSchema = z.looseObject({
  response: z.union([z.string(), z.looseObject({})]),
  usage: z.looseObject({}).optional(),
});

export class WorkersAiChatModel implements ChatModel {
  readonly #options: WorkersAiOptions;

  constructor(options: WorkersAiOptions) {
    this.#options = options;
  }

  async complete(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatCompletion, Problem>> {
    const { binding, model, clock, makeId } = this.#options;
    if (binding === null) {
      return err(
        upstreamUnavailable("No model is configured: set SETBACK_UPSTREAM_URL, or deploy with the AI binding."),
      );
    }
    const { stream: _stream, stream_options: _streamOptions, model: _model, n: _n, ...inputs } = request;
    if ((request.n ?? 1) > 1) {
      return err({ ...upstreamUnavailable("Workers AI gives one choice a request: leave out n."), status: 400 });
    }
    let answer: unknown;
    try {
      answer = await binding.run(model, inputs);
    } catch (cause) {
      return err({ ...upstreamUnavailable("Workers AI refused the request."), cause });
    }
    if (signal.aborted) return err(upstreamUnavailable("The client went away."));
    const whole = chatCompletionSchema.safeParse(answer);
    if (whole.success) return ok(whole.data);
    const plain = plainResponseSchema.safeParse(answer);
    if (!plain.success) return err(upstreamInvalid("neither a completion nor a response"));
    const { response, usage } = plain.data;
    return ok({
      id: makeId("chatcmpl"),
      object: "chat.completion",
      created: Math.floor(clock() / 1000),
      model,
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: typeof response === "string" ? response : JSON.stringify(response) },
          finish_reason: "stop",
        },
      ],
      ...(usage === undefined ? {} : { usage }),
    });
  }

  models(): Promise<Result<ModelList, Problem>> {
    return Promise.resolve(
      ok({ object: "list", data: [{ id: this.#options.model, object: "model", owned_by: "workers-ai" }] }),
    );
  }
}
