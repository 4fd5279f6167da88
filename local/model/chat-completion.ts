// A chat completion on the wire: one JSON object, or the chunks of a stream.
// Law: the shapes are OpenAI's (API reference, chat completions); a stream and its JSON carry the same text and the same usage.
import { randomInt, randomUUID } from "node:crypto";
import type { ChatRequest } from "./chat-request.ts";
import { writeChoice, type ChoiceEnd, type ChoicePiece, type ScoredToken } from "./choice.ts";
import type { EventStream } from "./event-stream.ts";
import { RequestProblem } from "./request-problem.ts";
import type { RequestQueue } from "./request-queue.ts";
import type { TextModel } from "./text-model.ts";

const SEED_LIMIT = 2 ** 32;

export interface CompletionTask {
  readonly model: TextModel;
  readonly request: ChatRequest;
  readonly queue: RequestQueue;
  readonly signal: AbortSignal;
}

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

export async function completeChat(task: CompletionTask): Promise<unknown> {
  const prompt = readPromptTokens(task.model, task.request);
  const parts = Array.from({ length: task.request.choices }, () => ({ text: "", logprobs: noLogprobs() }));
  const ends = await writeChoices(task, prompt, (index, piece) => {
    const part = parts[index];
    if (part === undefined) return;
    part.text += piece.text;
    part.logprobs.push(...(piece.logprobs ?? []));
  });
  return {
    ...heading(task.request, "chat.completion"),
    choices: parts.map(({ text, logprobs }, index) => ({
      index,
      message: { role: "assistant", content: text, refusal: null },
      logprobs: task.request.alternatives === null ? null : { content: logprobs, refusal: null },
      finish_reason: ends[index]?.finishReason ?? "stop",
    })),
    usage: usageOf(prompt, ends),
  };
}

export async function streamChat(task: CompletionTask, stream: EventStream): Promise<void> {
  const prompt = readPromptTokens(task.model, task.request);
  const head = heading(task.request, "chat.completion.chunk");
  const usage = task.request.includeUsage ? { usage: null } : {};
  const send = (index: number, delta: object, logprobs: readonly ScoredToken[] | null, finish: string | null): void => {
    const choice = {
      index,
      delta,
      logprobs: logprobs === null ? null : { content: logprobs, refusal: null },
      finish_reason: finish,
    };
    stream.send({ ...head, choices: [choice], ...usage });
  };
  const begun = new Set<number>();
  const begin = (index: number): void => {
    if (begun.has(index)) return;
    begun.add(index);
    send(index, { role: "assistant", content: "", refusal: null }, null, null);
  };
  const ends = await writeChoices(
    task,
    prompt,
    (index, piece) => {
      begin(index);
      send(index, { content: piece.text }, piece.logprobs, null);
    },
    (index, end) => {
      begin(index);
      send(index, {}, null, end.finishReason);
    },
  );
  if (task.request.includeUsage) stream.send({ ...head, choices: [], usage: usageOf(prompt, ends) });
  stream.end();
}

/** All choices at once, each in its turn of the queue; if one fails, the others are stopped. */
async function writeChoices(
  { model, request, queue, signal }: CompletionTask,
  prompt: readonly number[],
  onPiece: (index: number, piece: ChoicePiece) => void,
  onEnd: (index: number, end: ChoiceEnd) => void = () => undefined,
): Promise<readonly ChoiceEnd[]> {
  const first = request.seed ?? randomInt(SEED_LIMIT);
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const writing = Array.from({ length: request.choices }, async (_, index) => {
    try {
      const end = await queue.run(either, async () => {
        const seed = first + index;
        return await writeChoice(model, request, prompt, seed, either, (piece) => {
          onPiece(index, piece);
        });
      });
      onEnd(index, end);
      return end;
    } catch (problem) {
      failed.abort(problem);
      throw problem;
    }
  });
  await Promise.allSettled(writing);
  if (failed.signal.aborted && !signal.aborted) throw failed.signal.reason;
  return await Promise.all(writing);
}

export function readPromptTokens(
  model: TextModel,
  request: Pick<ChatRequest, "messages">,
  followedBy = 1,
): readonly number[] {
  const prompt = model.encodeChat(request.messages);
  if (prompt.length + followedBy <= model.contextTokens) return prompt;
  throw new RequestProblem(
    400,
    `The model reads at most ${model.contextTokens} tokens, and this request has ${prompt.length + followedBy}.`,
    "context_length_exceeded",
    "messages",
  );
}

function heading(request: ChatRequest, object: string): object {
  return { id: `chatcmpl-${randomUUID()}`, object, created: Math.floor(Date.now() / 1000), model: request.model };
}

function usageOf(prompt: readonly number[], ends: readonly ChoiceEnd[]): Usage {
  const completion = ends.reduce((sum, end) => sum + end.completionTokens, 0);
  return {
    prompt_tokens: prompt.length,
    completion_tokens: completion,
    total_tokens: prompt.length + completion,
  };
}

function noLogprobs(): ScoredToken[] {
  return [];
}
