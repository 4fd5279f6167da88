// How likely a given continuation was: `POST /v1/score`, our own addition for studies.
// Law: natural logarithms of the model's own probabilities, without temperature; their sum is that of the whole continuation.
import { readPromptTokens } from "./chat-completion.ts";
import type { ScoreRequest } from "./chat-request.ts";
import type { RequestQueue } from "./request-queue.ts";
import type { TextModel } from "./text-model.ts";

export async function scoreContinuation(
  model: TextModel,
  request: ScoreRequest,
  queue: RequestQueue,
  signal: AbortSignal,
): Promise<unknown> {
  const continuation = model.encodeText(request.continuation);
  const prompt = readPromptTokens(model, request, continuation.length);
  const scores = await queue.run(signal, async () => await model.score(prompt, continuation, 0, signal));
  const logprobs = scores.map(({ logProbability }) => logProbability);
  return {
    object: "score",
    model: request.model,
    tokens: continuation.map((token, index) => model.decode([token], continuation.slice(0, index))),
    logprobs,
    sum: logprobs.reduce((sum, logprob) => sum + logprob, 0),
    usage: { prompt_tokens: prompt.length, continuation_tokens: continuation.length },
  };
}
