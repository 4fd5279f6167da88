// What the scripted model answers, whole and as chunks. Law: both forms add up to the same completion.
import { isRecord, textField } from "../../src/lib/record.ts";
import type { Carrier, Cell } from "./cell.ts";
import { CLEAN, FLAGGED, FLAGGED_ARGUMENTS, FLAGGED_TOOL_NAME, TOOL_NAME, UNKNOWN_FIELD } from "./texts.ts";

export type Fields = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly message: Fields;
  readonly finishReason: string;
  /** beside the message */
  readonly choice: Fields;
  /** beside the choices */
  readonly head: Fields;
}

const CHARACTERS_A_TOKEN = 5;
const HEAD = { id: "chatcmpl-upstream", created: 1_700_000_000, model: "stub-model" };
const USAGE = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };

export function cleanAnswer(text = CLEAN): Answer {
  return { message: { content: text }, finishReason: "stop", choice: {}, head: {} };
}

function call(name: string, args: string): Fields {
  return { id: "call_1", type: "function", function: { name, arguments: args } };
}

/** An answer with the forbidden span where the carrier says. */
export function flaggedAnswer(carrier: Carrier): Answer {
  const clean = cleanAnswer();
  const remark = { [UNKNOWN_FIELD]: FLAGGED };
  const calling = { ...clean, finishReason: "tool_calls" };
  switch (carrier) {
    case "text":
      return cleanAnswer(FLAGGED);
    case "reasoning":
      return { ...clean, message: { reasoning_content: FLAGGED, content: CLEAN } };
    case "refusal":
      return { ...clean, message: { content: null, refusal: FLAGGED } };
    case "tool_arguments":
      return { ...calling, message: { content: null, tool_calls: [call(TOOL_NAME, FLAGGED_ARGUMENTS)] } };
    case "tool_name":
      return { ...calling, message: { content: null, tool_calls: [call(FLAGGED_TOOL_NAME, '{"note":"x"}')] } };
    case "unknown_in_message":
      return { ...clean, message: { content: CLEAN, ...remark } };
    case "unknown_in_choice":
      return { ...clean, choice: remark };
    case "unknown_in_head":
      return { ...clean, head: remark };
    case "tool_result":
      throw new Error("a model gives no tool results");
  }
}

/** The bad choice is the last one, so that a guard of the first alone would let it through. */
export function answersOf({ side, choices, carrier }: Cell): readonly Answer[] {
  return Array.from({ length: choices }, (_, index) =>
    side === "output" && index === choices - 1 ? flaggedAnswer(carrier) : cleanAnswer(),
  );
}

function tokens(text: string): readonly string[] {
  return text.match(new RegExp(`[^]{1,${CHARACTERS_A_TOKEN}}`, "g")) ?? [];
}

function logprobsOf(text: string): Fields {
  return { content: tokens(text).map((token) => ({ token, logprob: -0.5, bytes: null, top_logprobs: [] })) };
}

export function completionOf(answers: readonly Answer[]): Fields {
  return {
    ...HEAD,
    object: "chat.completion",
    ...answers.reduce<Fields>((all, { head }) => ({ ...all, ...head }), {}),
    choices: answers.map(({ message, finishReason, choice }, index) => ({
      index,
      message: { role: "assistant", ...message },
      finish_reason: finishReason,
      logprobs: typeof message["content"] === "string" ? logprobsOf(message["content"]) : null,
      ...choice,
    })),
    usage: USAGE,
  };
}

interface Piece {
  readonly delta: Fields;
  readonly logprobs?: Fields;
  readonly choice?: Fields;
  readonly head?: Fields;
}

function callPieces(calls: readonly unknown[]): readonly Piece[] {
  return calls.flatMap((each, index) => {
    const made = isRecord(each) && isRecord(each["function"]) ? each["function"] : {};
    const opening = { ...(isRecord(each) ? each : {}), index, function: { name: made["name"], arguments: "" } };
    return [
      { delta: { tool_calls: [opening] } },
      ...tokens(textField(made, "arguments")).map((piece) => ({
        delta: { tool_calls: [{ index, function: { arguments: piece } }] },
      })),
    ];
  });
}

function piecesOf({ message, choice, head }: Answer): readonly Piece[] {
  const { tool_calls: calls, ...texts } = message;
  const beside = tokens(textField(choice, UNKNOWN_FIELD)).map((text) => ({
    delta: {},
    choice: { [UNKNOWN_FIELD]: text },
  }));
  const above = tokens(textField(head, UNKNOWN_FIELD)).map((text) => ({
    delta: {},
    head: { [UNKNOWN_FIELD]: text },
  }));
  return [
    { delta: { role: "assistant", content: "" } },
    ...Object.entries(texts).flatMap(([field, text]) =>
      tokens(typeof text === "string" ? text : "").map((piece) => ({
        delta: { [field]: piece },
        ...(field === "content" ? { logprobs: logprobsOf(piece) } : {}),
      })),
    ),
    ...(Array.isArray(calls) ? callPieces(calls) : []),
    ...beside,
    ...above,
  ];
}

/** The events of a stream, the choices' pieces one after the other in turn, as servers send them. */
export function eventsOf(answers: readonly Answer[]): readonly Fields[] {
  const base = { ...HEAD, object: "chat.completion.chunk" };
  const queues = answers.map((answer, index) => [
    ...piecesOf(answer).map(({ delta, logprobs = null, choice, head }) => ({
      ...base,
      ...head,
      choices: [{ index, delta, logprobs, ...choice, finish_reason: null }],
    })),
    { ...base, choices: [{ index, delta: {}, logprobs: null, finish_reason: answer.finishReason }] },
  ]);
  const longest = Math.max(...queues.map(({ length }) => length));
  const inTurn = Array.from({ length: longest }, (_, place) =>
    queues.flatMap((queue) => queue.slice(place, place + 1)),
  );
  return [...inTurn.flat(), { ...base, choices: [], usage: USAGE }];
}
