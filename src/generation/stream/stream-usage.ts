// The tokens of a streamed answer: counted by the upstream, else estimated. Law: told to the client only if it asked, and spent
// once, however the stream ended.
import type { UsageMeter } from "../../access/usage-meter.ts";
import type { Fields } from "../../wire/chat-chunk.ts";
import type { ChatRequest, CompletionMessage } from "../../wire/chat-completion.ts";
import { estimatedTokens } from "../../wire/completion-tokens.ts";
import type { Caller } from "../capture-choice.ts";
import { knownUsage } from "../known-fields.ts";
import { addUsage, promptTexts, spend, tokensOf } from "../usage.ts";

export class StreamUsage {
  readonly #request: ChatRequest;
  readonly #caller: Caller;
  readonly #meter: UsageMeter;
  /** by stream: many servers count on with every chunk, so the last count of each is the one */
  readonly #counts = new Map<object, Fields>();
  readonly #streams = new Set<object>();
  #isSpent = false;

  constructor(request: ChatRequest, caller: Caller, meter: UsageMeter) {
    this.#request = request;
    this.#caller = caller;
    this.#meter = meter;
  }

  /** whether the client asked for the last chunk that tells it */
  get isAskedFor(): boolean {
    return this.#request.stream_options?.include_usage === true;
  }

  /** @param stream the answer's, or a repair's */
  begin(stream: object): void {
    this.#streams.add(stream);
  }

  note(stream: object, usage: Fields | null): void {
    if (usage !== null) this.#counts.set(stream, knownUsage(usage));
  }

  /** What the client is told; where the upstream was stopped before it counted, an estimate. */
  conclude(model: string, answers: () => readonly CompletionMessage[]): Fields {
    let counted: Fields | null = null;
    for (const count of this.#counts.values()) counted = addUsage(counted, count) ?? null;
    const { promptTokens, completionTokens } = tokensOf(counted, this.#request, answers);
    if (!this.#isSpent) {
      // A stream that was stopped before it counted has read its prompt all the same.
      const uncounted = Math.max(0, this.#streams.size - Math.max(1, this.#counts.size));
      const unseen = uncounted * estimatedTokens(promptTexts(this.#request));
      const spent = { model, promptTokens: promptTokens + unseen, completionTokens };
      spend(this.#meter, this.#caller, "completion", spent);
    }
    this.#isSpent = true;
    return (
      counted ?? {
        prompt_tokens: promptTokens,
        completion_tokens: completionTokens,
        total_tokens: promptTokens + completionTokens,
      }
    );
  }
}
