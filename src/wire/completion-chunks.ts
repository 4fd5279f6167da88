// A checked completion as the chunks of a stream (mode `buffer`). Law: every chunk is one that OpenAI could have sent;
// put together again they are the completion, extensions included.
import type { ChatCompletion, CompletionChoice, ToolCall } from "./chat-completion.ts";

/** Characters of text a chunk: small enough to render smoothly, large enough to be cheap. */
const CHUNK_CHARACTERS = 256;

type Delta = Readonly<Record<string, unknown>>;

/** Pieces of at most `size` UTF-16 units that never split a surrogate pair. */
export function pieces(text: string, size = CHUNK_CHARACTERS): readonly string[] {
  const result: string[] = [];
  for (let start = 0; start < text.length;) {
    let end = Math.min(start + size, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last < 0xdc00 && end - start > 1) end -= 1;
    result.push(text.slice(start, end));
    start = end;
  }
  return result;
}

function textDeltas(field: string, text: unknown): readonly Delta[] {
  return typeof text === "string" ? pieces(text).map((piece) => ({ [field]: piece })) : [];
}

function toolCallDeltas(calls: readonly ToolCall[]): readonly Delta[] {
  return calls.flatMap((call, index) => {
    const { arguments: text, ...named } = call.function ?? {};
    const head = { ...call, index, ...(call.function === undefined ? {} : { function: { ...named, arguments: "" } }) };
    const rest = pieces(text ?? "").map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] }));
    return [{ tool_calls: [head] }, ...rest];
  });
}

function deltas({ message }: CompletionChoice): readonly Delta[] {
  const { role: _role, content, refusal, reasoning_content: reasoning, tool_calls: toolCalls, ...unknown } = message;
  return [
    // As OpenAI does it: null where there is no text to come, as before tool calls.
    { role: "assistant", content: typeof content === "string" ? "" : null, ...unknown },
    ...textDeltas("reasoning_content", reasoning),
    ...textDeltas("content", content),
    ...textDeltas("refusal", refusal),
    ...toolCallDeltas(toolCalls ?? []),
  ];
}

/** Chunks in the order a model would have sent them; the last one carries usage if the client asked for it. */
export function completionChunks(completion: ChatCompletion, includeUsage: boolean): readonly object[] {
  const { choices, usage, object: _object, prompt_filter_results, setback, ...head } = completion;
  const notes = { ...(prompt_filter_results ? { prompt_filter_results } : {}), ...(setback ? { setback } : {}) };
  const shared = { ...head, object: "chat.completion.chunk", ...(includeUsage ? { usage: null } : {}) };
  const chunks = choices.flatMap((choice) => {
    const { message: _message, finish_reason, logprobs, index, ...extensions } = choice;
    const parts = deltas(choice).map((delta, place) => ({
      ...shared,
      choices: [
        // Log probabilities of the whole text ride in the first chunk: clients add them up.
        { index, delta, ...(place === 0 && logprobs ? { logprobs } : {}), finish_reason: null },
      ],
    }));
    return [
      ...parts,
      { ...shared, choices: [{ index, delta: {}, finish_reason: finish_reason ?? "stop", ...extensions }] },
    ];
  });
  // What was seen in the prompt is said once, in the first chunk.
  const [first, ...rest] = chunks;
  const noted = first === undefined ? [] : [{ ...first, ...notes }, ...rest];
  return includeUsage ? [...noted, { ...shared, choices: [], usage: usage ?? null }] : noted;
}
