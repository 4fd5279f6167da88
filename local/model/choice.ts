// One choice of a completion: the model's tokens as pieces of text, with log-probabilities where the client asked for them.
// Law: log-probabilities come from a second reading of the finished tokens, so asking for them never changes the answer.
import { CompletionText } from "./completion-text.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { Sampling, TextModel, TokenProbability } from "./text-model.ts";

export interface TokenReport {
  readonly token: string;
  readonly logprob: number;
  /** null where the token is only a part of a character */
  readonly bytes: readonly number[] | null;
}

export interface ScoredToken extends TokenReport {
  readonly top_logprobs: readonly TokenReport[];
}

export interface ChoicePiece {
  readonly text: string;
  readonly logprobs: readonly ScoredToken[] | null;
}

export interface ChoiceEnd {
  readonly finishReason: "stop" | "length";
  readonly completionTokens: number;
}

export async function writeChoice(
  model: TextModel,
  request: ChatRequest,
  prompt: readonly number[],
  seed: number,
  signal: AbortSignal,
  onPiece: (piece: ChoicePiece) => void,
): Promise<ChoiceEnd> {
  const room = model.contextTokens - prompt.length;
  const sampling: Sampling = {
    temperature: request.temperature,
    topP: request.topP,
    seed,
    maximumTokens: Math.min(request.maximumTokens, room),
    shape: request.shape,
  };
  const completion = new CompletionText((tokens, before) => model.decode(tokens, before), request.stops);
  const written: { token: number; text: string }[] = [];
  let whole = "";
  let complete = false;
  const keep = (token: number, text: string): void => {
    written.push({ token, text });
    whole += text;
    if (request.alternatives === null && text !== "") onPiece({ text, logprobs: null });
  };
  for await (const token of model.generate(prompt, sampling, signal)) {
    keep(token, completion.push(token));
    complete = completion.stopped || (request.shape.type !== "text" && isWholeJson(whole));
    if (complete) break;
  }
  signal.throwIfAborted();
  const full = written.length >= sampling.maximumTokens && !complete;
  const end: ChoiceEnd = { finishReason: full ? "length" : "stop", completionTokens: written.length };
  const rest = completion.end();

  if (request.alternatives === null) {
    if (rest !== "") onPiece({ text: rest, logprobs: null });
    return end;
  }
  const last = written.at(-1);
  if (last !== undefined) last.text += rest;
  // Tokens that only spelled the stop string are no part of the content.
  while (completion.stopped && written.at(-1)?.text === "") written.pop();
  const tokens = written.map(({ token }) => token);
  const scores = await model.score(prompt, tokens, request.alternatives, signal);
  for (const [index, score] of scores.entries()) {
    const before = tokens.slice(0, index);
    const token: ScoredToken = {
      ...report(model, score, before),
      top_logprobs: score.alternatives.map((alternative) => report(model, alternative, before)),
    };
    onPiece({ text: written[index]?.text ?? "", logprobs: [token] });
  }
  return end;
}

export function report(
  model: TextModel,
  { token, logProbability }: TokenProbability,
  before: readonly number[],
): TokenReport {
  const text = model.decode([token], before);
  return { token: text, logprob: logProbability, bytes: text.includes("\uFFFD") ? null : [...Buffer.from(text)] };
}

/** A grammar lets spaces follow the closing brace without end; the answer is done when it parses. */
function isWholeJson(text: string): boolean {
  if (!/[}\]]\s*$/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
