// A script as OpenAI's completion and as the chunks of its stream. Law: small pieces, so that what is forbidden spans several of them.
import type { Script, ScriptedChoice } from "./scripts.ts";

const PIECE_CHARACTERS = 7;
const USAGE = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };

export interface ScriptedRequest {
  readonly model: string;
  readonly includeUsage: boolean;
}

export function completionOf({ choices }: Script, { model }: ScriptedRequest): object {
  return {
    ...head(model),
    object: "chat.completion",
    choices: choices.map((choice, index) => ({
      index,
      message: {
        role: "assistant",
        content: choice.content ?? null,
        refusal: choice.refusal ?? null,
        ...callOf(choice),
      },
      finish_reason: finishOf(choice),
      logprobs: null,
    })),
    usage: USAGE,
  };
}

/** The chunks of all choices, turn by turn, as a model that writes them at once sends them. */
export function piecesOf({ choices }: Script, { model, includeUsage }: ScriptedRequest): readonly object[] {
  const shared = { ...head(model), object: "chat.completion.chunk", ...(includeUsage ? { usage: null } : {}) };
  const lines = choices.map((choice, index) =>
    [...deltasOf(choice), null].map((delta) => ({
      ...shared,
      choices: [{ index, delta: delta ?? {}, finish_reason: delta === null ? finishOf(choice) : null }],
    })),
  );
  const longest = Math.max(0, ...lines.map(({ length }) => length));
  const turns = Array.from({ length: longest }, (_, place) => lines.flatMap((line) => line[place] ?? []));
  return [...turns.flat(), ...(includeUsage ? [{ ...shared, choices: [], usage: USAGE }] : [])];
}

function head(model: string): object {
  return { id: "chatcmpl-scripted", created: 1_700_000_000, model };
}

function finishOf({ tool }: ScriptedChoice): string {
  return tool === undefined ? "stop" : "tool_calls";
}

function callOf({ tool }: ScriptedChoice): object {
  if (tool === undefined) return {};
  return { tool_calls: [{ id: "call_1", type: "function", function: { name: tool.name, arguments: tool.input } }] };
}

function deltasOf({ content, refusal, tool }: ScriptedChoice): readonly object[] {
  const call =
    tool === undefined ? [] : [{ id: "call_1", type: "function", function: { name: tool.name, arguments: "" } }];
  return [
    { role: "assistant", content: content === undefined ? null : "" },
    ...cut(content).map((piece) => ({ content: piece })),
    ...cut(refusal).map((piece) => ({ refusal: piece })),
    ...call.map((each) => ({ tool_calls: [{ index: 0, ...each }] })),
    ...cut(tool?.input).map((piece) => ({ tool_calls: [{ index: 0, function: { arguments: piece } }] })),
  ];
}

/** By code points: JSON can't carry half a surrogate pair. */
function cut(text: string | undefined): readonly string[] {
  const points = Array.from(text ?? "");
  const count = Math.ceil(points.length / PIECE_CHARACTERS);
  return Array.from({ length: count }, (_, place) =>
    points.slice(place * PIECE_CHARACTERS, (place + 1) * PIECE_CHARACTERS).join(""),
  );
}
