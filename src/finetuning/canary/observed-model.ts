// A model whose one answer to a request is counted: as a request, as an error, as a refusal. Law: it changes nothing of what it passes
// on; a client that goes away is nobody's error, and an answer asked for again (a repair) is no second request.
import type { TrialOutcome } from "../../access/trial.ts";
import { isRefusal } from "../../guardrail/refusal/read-refusal.ts";
import type { Result } from "../../lib/result.ts";
import { parseJson } from "../../lib/parse-json.ts";
import { isRecord } from "../../lib/record.ts";
import type { ChatModel, ChatStream, StreamRead } from "../../model/chat-model.ts";
import { CLIENT_CLOSED, isUpstreamsFault } from "../../model/reported-call.ts";
import type { Problem } from "../../problem.ts";
import type { ChatCompletion, ChatRequest } from "../../wire/chat-completion.ts";

/** A refusal is read from an answer's opening. */
const OPENING_CHARACTERS = 1_200;

type Report = (outcome: TrialOutcome) => void;

function isFault(problem: Problem): boolean {
  return problem.status !== CLIENT_CLOSED && isUpstreamsFault(problem);
}

/** Of the first choice, what one event adds to its text. */
function textOf(payload: string): string {
  const event = parseJson(payload);
  const choices: unknown = isRecord(event) ? event["choices"] : null;
  const choice: unknown = Array.isArray(choices) ? choices[0] : null;
  const delta: unknown = isRecord(choice) ? choice["delta"] : null;
  const content: unknown = isRecord(delta) ? delta["content"] : null;
  return typeof content === "string" ? content : "";
}

class ObservedStream implements ChatStream {
  readonly #inner: ChatStream;
  readonly #report: Report;
  #opening = "";
  #isOver = false;

  constructor(inner: ChatStream, report: Report) {
    this.#inner = inner;
    this.#report = report;
  }

  async read(): Promise<StreamRead> {
    const read = await this.#inner.read();
    if (this.#isOver) return read;
    if (read.kind === "events") {
      for (const payload of read.data) {
        if (this.#opening.length < OPENING_CHARACTERS) this.#opening += textOf(payload);
      }
      return read;
    }
    this.#isOver = true;
    if (read.kind === "failed" && isFault(read.problem)) this.#report("error");
    if (read.kind === "end" && isRefusal(this.#opening)) this.#report("refused");
    return read;
  }

  async cancel(): Promise<void> {
    this.#isOver = true;
    await this.#inner.cancel();
  }
}

export class ObservedModel implements ChatModel {
  readonly #inner: ChatModel;
  readonly #report: Report;
  #isCounted = false;

  /** For one request. */
  constructor(inner: ChatModel, report: Report) {
    this.#inner = inner;
    this.#report = report;
  }

  async complete(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatCompletion, Problem>> {
    const report = this.#first();
    const answered = await this.#inner.complete(request, signal);
    if (report === null) return answered;
    if (!answered.ok) {
      if (isFault(answered.error)) report("error");
      return answered;
    }
    const content = answered.value.choices[0]?.message.content;
    if (typeof content === "string" && isRefusal(content)) report("refused");
    return answered;
  }

  async stream(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatStream, Problem>> {
    const report = this.#first();
    const started = await this.#inner.stream(request, signal);
    if (report === null) return started;
    if (started.ok) return { ok: true, value: new ObservedStream(started.value, report) };
    if (isFault(started.error)) report("error");
    return started;
  }

  async models(signal: AbortSignal): ReturnType<ChatModel["models"]> {
    return await this.#inner.models(signal);
  }

  #first(): Report | null {
    if (this.#isCounted) return null;
    this.#isCounted = true;
    this.#report("request");
    return this.#report;
  }
}
