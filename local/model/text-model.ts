// The port of the local server: a model that reads a chat as tokens, continues it, and says how likely a continuation was.
// Law: plain values only; nothing of the library that runs the model is named here, so tests can fake it.

export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

/** What the answer must look like; the shapes of OpenAI's `response_format`. */
export type AnswerShape =
  { readonly type: "text" } | { readonly type: "json" } | { readonly type: "json_schema"; readonly schema: unknown };

export interface Sampling {
  /** 0 takes the likeliest token each time */
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  readonly maximumTokens: number;
  readonly shape: AnswerShape;
}

export interface TokenProbability {
  readonly token: number;
  /** natural logarithm of the model's own probability, before temperature and top-p */
  readonly logProbability: number;
}

export interface TokenScore extends TokenProbability {
  /** the likeliest tokens at this place, likeliest first */
  readonly alternatives: readonly TokenProbability[];
}

export interface TextModel {
  readonly name: string;
  /** the longest prompt and answer together */
  readonly contextTokens: number;
  /** The chat through the model's own template, ready for the answer to begin. Throws a RequestProblem if it can't be read. */
  encodeChat(messages: readonly ChatMessage[]): readonly number[];
  encodeText(text: string): readonly number[];
  /** Ends in U+FFFD while a character is incomplete. `before` are the tokens that came just before. */
  decode(tokens: readonly number[], before: readonly number[]): string;
  /** Ends by itself when the model ends its turn or `maximumTokens` are written. The same seed gives the same tokens. */
  generate(prompt: readonly number[], sampling: Sampling, signal: AbortSignal): AsyncIterable<number>;
  score(
    prompt: readonly number[],
    continuation: readonly number[],
    alternatives: number,
    signal: AbortSignal,
  ): Promise<readonly TokenScore[]>;
}

export interface ModelListing {
  readonly name: string;
  readonly createdSeconds: number;
}

/** The models that the server offers; an adapter is loaded when it is first asked for. */
export interface ModelCatalogue {
  list(): Promise<readonly ModelListing[]>;
  find(name: string): Promise<TextModel | undefined>;
}
