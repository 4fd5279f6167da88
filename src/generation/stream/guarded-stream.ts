// A streamed answer between the model and the client, in the modes `hold_back` and `observe`: reads the upstream only when the
// client reads, guards every choice, and writes legal chunks. Law: nothing unchecked leaves in `hold_back`; after the first byte a
// problem is an error event; what was flagged is captured before the final byte.
import { errorMessage } from "../../lib/error-message.ts";
import { textField } from "../../lib/record.ts";
import type { ChatStream, StreamRead } from "../../model/chat-model.ts";
import { type Problem, problemBody } from "../../problem.ts";
import { type ChatChunk, type Fields, readStreamEvent } from "../../wire/chat-chunk.ts";
import type { CompletionMessage } from "../../wire/chat-completion.ts";
import { DONE, serverSentEvent } from "../../wire/server-sent-events.ts";
import { guardrailUnavailable } from "../guarded-problems.ts";
import { soundHead } from "../known-fields.ts";
import type { Stop } from "./stop.ts";
import { ChoiceEnd, type Ending } from "./choice-end.ts";
import { brokenOff, failedInside, incomplete, unreadable } from "./stream-problems.ts";
import type { StreamContext } from "./stream-context.ts";
import type { StreamUsage } from "./stream-usage.ts";

/** Where chunks come from: the model's answer, or what it was asked for again. */
interface Source {
  readonly stream: ChatStream;
  /** the choice that a repair is for; null for the answer itself, whose chunks name their choices */
  readonly only: number | null;
  reading: Promise<Turn> | null;
}

type Turn = { readonly source: Source; readonly read: StreamRead } | { readonly choice: ChoiceEnd };

/** OpenAI's `n` goes to 128; an upstream that counts further is broken. */
const MOST_CHOICES = 128;

export class GuardedStream {
  readonly #context: StreamContext;
  readonly #sources = new Set<Source>();
  readonly #choices = new Map<number, ChoiceEnd>();
  #head: Fields = {};
  readonly #usage: StreamUsage;
  #notes: object | null;
  #out = "";
  #isOver = false;
  #stepping: Promise<void> | null = null;

  constructor(context: StreamContext, stream: ChatStream, usage: StreamUsage) {
    this.#context = context;
    this.#usage = usage;
    this.#notes = context.inputNotes;
    usage.begin(stream);
    this.#sources.add({ stream, only: null, reading: null });
  }

  /** The next events for the client; null after the last one. */
  async read(): Promise<string | null> {
    while (this.#out === "" && !this.#isOver) {
      // What throws, a full store for one, must leave neither the client without an end nor the upstream without a reader.
      this.#stepping = this.#step().catch(async (caught: unknown) => {
        await this.#error(failedInside(caught));
      });
      await this.#stepping;
    }
    const out = this.#out;
    this.#out = "";
    return out === "" ? null : out;
  }

  /** The client went away: stops the upstream at once, then keeps what was flagged of what had come. */
  async cancel(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const end of this.#choices.values()) end.leave();
    await this.#stopSources();
    // What is being checked or captured already is not captured twice.
    await this.#stepping;
    for (const end of this.#open()) await end.abandon(this.#head);
    this.#concludeUsage();
  }

  #concludeUsage(): Fields {
    const answers = (): CompletionMessage[] =>
      [...this.#choices.values()].map(({ guard }) => guard.texts.message("given"));
    return this.#usage.conclude(textField(this.#head, "model"), answers);
  }

  #open(): readonly ChoiceEnd[] {
    return [...this.#choices.values()].filter(({ isOver }) => !isOver);
  }

  async #step(): Promise<void> {
    const turns: Promise<Turn>[] = [];
    for (const source of this.#sources) {
      source.reading ??= source.stream.read().then((read) => ({ source, read }));
      turns.push(source.reading);
    }
    for (const choice of this.#open()) {
      const window = choice.windows?.pending;
      if (window !== null && window !== undefined) turns.push(window.then(() => ({ choice })));
    }
    const [only] = turns;
    if (only === undefined) {
      this.#finalise();
      return;
    }
    const turn = await (turns.length === 1 ? only : Promise.race(turns));
    if (this.#isOver) return;
    if ("choice" in turn) await this.#judged(turn.choice);
    else {
      turn.source.reading = null;
      await this.#handle(turn.source, turn.read);
    }
  }

  async #handle(source: Source, read: StreamRead): Promise<void> {
    if (read.kind === "failed") {
      await this.#fail(source, read.problem);
      return;
    }
    if (read.kind === "end") {
      await this.#sourceEnded(source, read.isDone);
      return;
    }
    const touched = new Set<ChoiceEnd>();
    let problem: Problem | null = null;
    for (const data of read.data) {
      const event = readStreamEvent(data);
      if (event.kind === "chunk") this.#take(source, event.chunk, touched);
      else if (event.kind === "error") problem = brokenOff(event.body);
      else if (event.kind === "unreadable") problem = unreadable();
      if (problem !== null) break;
    }
    for (const end of touched) {
      // One choice can end the whole stream with a problem.
      if (this.#isOver) return;
      await this.#settle(end);
    }
    if (problem !== null && !this.#isOver) await this.#fail(source, problem);
  }

  #take(source: Source, { head, choices, usage }: ChatChunk, touched: Set<ChoiceEnd>): void {
    const sound = soundHead(head);
    if (source.only === null) this.#head = sound.known;
    this.#usage.note(source.stream, usage);
    for (const choice of choices) {
      const index = source.only ?? choice.index;
      if (index >= MOST_CHOICES) continue;
      let end = this.#choices.get(index);
      if (end === undefined) {
        end = new ChoiceEnd(this.#context, index);
        this.#choices.set(index, end);
      }
      // A choice that is over says nothing more, and one in repair listens to its repair alone.
      if (end.isOver || end.guard.finishReason !== null || (end.isRepaired && source.only === null)) continue;
      if (source.only === null) end.guard.take(sound, choice);
      else {
        // A repair goes on in the name of the answer that it mends, whose first chunk named the role.
        const { role: _role, ...delta } = choice.delta;
        end.guard.take({ all: this.#head, known: this.#head, unknown: null }, { ...choice, delta });
      }
      touched.add(end);
    }
  }

  async #settle(end: ChoiceEnd): Promise<void> {
    const { guard, windows } = end;
    const stop = guard.settle();
    this.#emit(guard.flush());
    if (stop !== null) {
      await this.#stop(end, stop);
      return;
    }
    windows?.begin(guard.texts);
    if (guard.isTooLong) {
      guard.finishReason = "length";
      end.isWithheld = true;
    }
    if (guard.finishReason !== null) await this.#finish(end);
  }

  async #judged(end: ChoiceEnd): Promise<void> {
    const window = await end.windows?.pending;
    if (window === undefined || window === null) return;
    const stop = end.windows?.conclude(window) ?? null;
    if (stop !== null) await this.#stop(end, stop);
    else {
      end.windows?.begin(end.guard.texts);
      this.#emit(end.guard.flush());
    }
  }

  async #finish(end: ChoiceEnd): Promise<void> {
    await this.#conclude(end, await end.finish(this.#head));
  }

  async #stop(end: ChoiceEnd, stop: Stop): Promise<void> {
    await this.#conclude(end, await end.stop(stop, this.#head));
  }

  async #conclude(end: ChoiceEnd, ending: Ending): Promise<void> {
    this.#emit(end.guard.flush());
    if (ending.kind === "unavailable") {
      await this.#error(guardrailUnavailable(ending.guardrail, "output"));
      return;
    }
    if (ending.kind === "repair") {
      if (this.#isOver) {
        await ending.stream.cancel();
        return;
      }
      // Of a repair that was flagged in its turn nothing more is heard: two answers at once would mix.
      await this.#stopWhere(({ only }) => only === end.guard.index);
      this.#usage.begin(ending.stream);
      this.#sources.add({ stream: ending.stream, only: end.guard.index, reading: null });
      await this.#stopWhere((source) => this.#isUnheard(source));
      return;
    }
    this.#emit([{ ...this.#head, choices: [ending.choice] }]);
    await this.#stopWhere((source) => this.#isUnheard(source));
  }

  /** Nobody listens any more: every choice that was asked for is withheld, cut off, or asked for again. */
  #isUnheard({ only }: Source): boolean {
    const ends = [...this.#choices.values()];
    if (only !== null) return ends.every((end) => end.guard.index !== only || end.isWithheld);
    return ends.length >= this.#context.choices && ends.every((end) => end.isWithheld || end.isRepaired);
  }

  async #stopWhere(isNeedless: (source: Source) => boolean): Promise<void> {
    for (const source of [...this.#sources]) {
      if (!isNeedless(source)) continue;
      this.#sources.delete(source);
      await source.stream.cancel();
    }
  }

  async #sourceEnded(source: Source, isDone: boolean): Promise<void> {
    this.#sources.delete(source);
    const mine = this.#open().filter(({ guard, isRepaired }) =>
      source.only === null ? !isRepaired : guard.index === source.only,
    );
    // Without a finish reason and without `[DONE]` nobody can tell whether the answer was whole.
    const isBroken = !isDone && (mine.length > 0 || this.#choices.size === 0);
    if (isBroken) await this.#fail(source, incomplete());
    for (const end of mine) if (!end.isOver && !this.#isOver) await this.#finish(end);
  }

  /** What had come is checked and kept; then the client is told. */
  async #fail(source: Source, problem: Problem): Promise<void> {
    this.#sources.delete(source);
    await source.stream.cancel();
    const open = this.#open();
    if (open.length === 0 && this.#choices.size > 0) return;
    for (const end of open) {
      if (await end.abandon(this.#head)) this.#emit(end.guard.flush());
    }
    await this.#error(problem);
  }

  async #error(problem: Problem): Promise<void> {
    this.#isOver = true;
    const { dependencies, caller } = this.#context;
    const { projectId, keyId, requestId } = caller;
    const reason = problem.type === "server_error" ? { reason: errorMessage(problem.cause) } : {};
    dependencies.logger.error("stream_failed", { code: problem.code, request_id: requestId, ...reason });
    if (problem.type === "upstream_error") dependencies.meter.count({ projectId, keyId, outcome: "upstream_error" });
    this.#out += serverSentEvent(problemBody(problem));
    await this.#stopSources();
    this.#concludeUsage();
  }

  #finalise(): void {
    this.#isOver = true;
    const usage = this.#concludeUsage();
    if (this.#usage.isAskedFor) this.#out += serverSentEvent(this.#chunk({ ...this.#head, choices: [], usage }));
    this.#out += serverSentEvent(DONE);
  }

  async #stopSources(): Promise<void> {
    for (const { windows } of this.#choices.values()) windows?.stop();
    const sources = [...this.#sources];
    this.#sources.clear();
    await Promise.all(
      sources.map(async ({ stream }) => {
        await stream.cancel();
      }),
    );
  }

  #emit(chunks: readonly Fields[]): void {
    for (const chunk of chunks) this.#out += serverSentEvent(this.#chunk(chunk));
  }

  #chunk(chunk: Fields): Fields {
    const notes = this.#notes;
    this.#notes = null;
    const usage = this.#usage.isAskedFor && chunk["usage"] === undefined ? { usage: null } : {};
    return { ...chunk, object: "chat.completion.chunk", ...usage, ...notes };
  }
}
