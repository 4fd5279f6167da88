// What the client saw. Law: put together from the reply alone, as an SDK would; whatever no SDK could read is a fault of the wire.
import { isRecord, textField } from "../../src/lib/record.ts";
import type { Fields } from "./answers.ts";
import { type Carrier, type Cell, isStream } from "./cell.ts";
import { countLeaked, UNKNOWN_FIELD } from "./texts.ts";

export interface SeenChoice {
  readonly texts: Record<Carrier, string>;
  /** ids and types of tool calls, which count as characters that left */
  callId: string;
  finishReason: string | null;
  /** `setback.action` */
  told: string | null;
  mistakeId: string | null;
  /** `setback.failed` names a guardrail */
  isFailureTold: boolean;
  hasFilterResults: boolean;
  releasedTold: number | null;
  /** how many mistakes were captured when the finish reason came */
  capturedAtFinish: number;
}

export interface Seen {
  status: number;
  errorCode: string | null;
  /** an error event ended the stream */
  isErrorEvent: boolean;
  isDone: boolean;
  hasUsage: boolean;
  hasPromptResults: boolean;
  inputTold: string | null;
  isSkipTold: boolean;
  mode: string | null;
  readonly choices: Map<number, SeenChoice>;
  leaked: number;
  readonly faults: string[];
}

const NO_TEXTS: Readonly<Record<Carrier, string>> = {
  text: "",
  tool_arguments: "",
  tool_name: "",
  tool_result: "",
  reasoning: "",
  refusal: "",
  unknown_in_message: "",
  unknown_in_choice: "",
  unknown_in_head: "",
};

function newChoice(): SeenChoice {
  return {
    texts: { ...NO_TEXTS },
    callId: "",
    finishReason: null,
    told: null,
    mistakeId: null,
    isFailureTold: false,
    hasFilterResults: false,
    releasedTold: null,
    capturedAtFinish: 0,
  };
}

function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Adds a message, or a piece of one. */
function addMessage(choice: SeenChoice, message: Fields): void {
  const { texts } = choice;
  texts.text += textField(message, "content");
  texts.reasoning += textField(message, "reasoning_content");
  texts.refusal += textField(message, "refusal");
  texts.unknown_in_message += textField(message, UNKNOWN_FIELD);
  for (const call of listOf(message["tool_calls"]).map(recordOf)) {
    const made = recordOf(call["function"]);
    choice.callId += textField(call, "id");
    texts.tool_name += textField(made, "name");
    texts.tool_arguments += textField(made, "arguments");
  }
}

function addNotes(choice: SeenChoice, fields: Fields): void {
  const { setback } = fields;
  if (fields["content_filter_results"] !== undefined) choice.hasFilterResults = true;
  if (!isRecord(setback)) return;
  choice.told = textField(setback, "action");
  choice.mistakeId = textField(setback, "mistake_id") || null;
  choice.isFailureTold = listOf(setback["failed"]).length > 0;
  const released = setback["released_characters"];
  choice.releasedTold = typeof released === "number" ? released : null;
}

function addChoice(seen: Seen, value: unknown, head: Fields, captured: number): void {
  const fields = recordOf(value);
  const index = Number(fields["index"]);
  const choice = seen.choices.get(index) ?? newChoice();
  seen.choices.set(index, choice);
  if (choice.finishReason !== null) seen.faults.push(`choice ${index} says something after its finish reason`);
  addMessage(choice, recordOf(fields["message"] ?? fields["delta"]));
  choice.texts.unknown_in_choice += textField(fields, UNKNOWN_FIELD);
  // What stands in a head is repeated with every chunk, as an id is, or comes in pieces.
  const above = textField(head, UNKNOWN_FIELD);
  if (choice.texts.unknown_in_head !== above) choice.texts.unknown_in_head += above;
  addNotes(choice, fields);
  if (typeof fields["finish_reason"] === "string") {
    choice.finishReason = fields["finish_reason"];
    choice.capturedAtFinish = captured;
  }
}

function addBody(seen: Seen, body: unknown, captured: number): void {
  const fields = recordOf(body);
  const { error } = fields;
  if (isRecord(error)) seen.errorCode = textField(error, "code");
  if (fields["prompt_filter_results"] !== undefined) seen.hasPromptResults = true;
  if (isRecord(fields["setback"])) {
    seen.inputTold = textField(fields["setback"], "action");
    seen.isSkipTold = listOf(fields["setback"]["skipped"]).some((each) => textField(recordOf(each), "reason") !== "");
  }
  if (isRecord(fields["usage"])) seen.hasUsage = true;
  for (const choice of listOf(fields["choices"])) addChoice(seen, choice, fields, captured);
}

function addEvent(seen: Seen, event: string, captured: number): void {
  if (seen.isDone || seen.isErrorEvent) seen.faults.push("an event comes after the end");
  if (!event.startsWith("data: ")) seen.faults.push("an event is no data line");
  const data = event.slice("data: ".length);
  if (data === "[DONE]") {
    seen.isDone = true;
    return;
  }
  const body: unknown = JSON.parse(data);
  const fields = recordOf(body);
  if (fields["error"] !== undefined) seen.isErrorEvent = true;
  else if (fields["object"] !== "chat.completion.chunk") seen.faults.push("a chunk is called otherwise");
  else if (seen.hasUsage) seen.faults.push("a chunk comes after the usage");
  addBody(seen, body, captured);
}

async function readStream(seen: Seen, body: ReadableStream<Uint8Array>, captured: () => number): Promise<string> {
  const decoder = new TextDecoder();
  let all = "";
  let rest = "";
  for await (const bytes of body) {
    const text = decoder.decode(bytes, { stream: true });
    all += text;
    const events = `${rest}${text}`.split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) addEvent(seen, event, captured());
  }
  if (rest !== "") seen.faults.push("the stream ends in the middle of an event");
  return all;
}

export async function see(cell: Cell, response: Response, captured: () => number): Promise<Seen> {
  const seen: Seen = {
    status: response.status,
    errorCode: null,
    isErrorEvent: false,
    isDone: false,
    hasUsage: false,
    hasPromptResults: false,
    inputTold: null,
    isSkipTold: false,
    mode: response.headers.get("x-setback-stream-mode"),
    choices: new Map(),
    leaked: 0,
    faults: [],
  };
  const isEvents = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (isEvents !== (isStream(cell) && response.status === 200)) seen.faults.push("the reply has the wrong type");
  if (isEvents && response.body !== null) {
    seen.leaked = countLeaked(await readStream(seen, response.body, captured));
    return seen;
  }
  const text = await response.text();
  seen.leaked = countLeaked(text);
  addBody(seen, JSON.parse(text), captured());
  return seen;
}
