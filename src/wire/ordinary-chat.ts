// What most requests and completions look like, told without zod, whose loose schemas copy every object that they read: 60 µs of
// each exchange. Law: what is ordinary here the schemas of chat-completion.ts accept and give back as it is; they read the rest.
import { isRecord } from "../lib/record.ts";
import type { ChatCompletion, ChatRequest } from "./chat-completion.ts";
import { isFieldName, isRole } from "./message-fields.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The schemas leave out a field of that name. */
function isPlainRecord(value: unknown): value is Fields {
  return isRecord(value) && !Object.hasOwn(value, "__proto__");
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null;
}

function isTextOrNone(value: unknown): boolean {
  return typeof value === "string" || isNone(value);
}

function isFlagOrNone(value: unknown): boolean {
  return typeof value === "boolean" || isNone(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Texts alone, no parts and no calls; places of unknown fields count in the order that a schema gives them. */
function isTextMessage(value: unknown): value is Fields {
  if (!isPlainRecord(value) || !isTextOrNone(value["content"]) || !isNone(value["tool_calls"])) return false;
  for (const key in value) if (!isFieldName(key) && key !== "reasoning_content") return false;
  return true;
}

function isRequestMessage(value: unknown): boolean {
  return isTextMessage(value) && typeof value["role"] === "string" && isRole(value["role"]);
}

export function isOrdinaryRequest(value: unknown): value is ChatRequest {
  if (!isPlainRecord(value)) return false;
  const { model, messages, n, stream, stream_options: options, store, user } = value;
  if (model !== undefined && (typeof model !== "string" || model === "")) return false;
  if (!isNone(n) && !(isCount(n) && n >= 1 && n <= 128)) return false;
  if (!isFlagOrNone(stream) || !isFlagOrNone(store) || !isTextOrNone(user)) return false;
  if (!isNone(options) && !(isPlainRecord(options) && isFlagOrNone(options["include_usage"]))) return false;
  return Array.isArray(messages) && messages.length > 0 && messages.every(isRequestMessage);
}

function isOrdinaryChoice(value: unknown): boolean {
  if (!isPlainRecord(value) || !isCount(value["index"]) || !isTextOrNone(value["finish_reason"])) return false;
  const { message } = value;
  if (!isTextMessage(message) || typeof message["role"] !== "string") return false;
  return isTextOrNone(message["refusal"]) && isTextOrNone(message["reasoning_content"]);
}

export function isOrdinaryCompletion(value: unknown): value is ChatCompletion {
  if (!isPlainRecord(value)) return false;
  const { id, object, created, model, choices, usage } = value;
  if (typeof id !== "string" || object !== "chat.completion" || typeof model !== "string") return false;
  if (created !== undefined && !Number.isSafeInteger(created)) return false;
  if (!isNone(usage) && !isPlainRecord(usage)) return false;
  return Array.isArray(choices) && choices.length > 0 && choices.every(isOrdinaryChoice);
}
