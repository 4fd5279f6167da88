// How one choice of a stream ends: its last check, repair, block, capture. Law: the whole answer is checked before its last
// character leaves; what was flagged is captured first.
import { textField } from "../../lib/record.ts";
import { decide, letsPass } from "../../guardrail/decide.ts";
import { flaggedFindings } from "../../guardrail/flagged-categories.ts";
import type { GuardrailSet } from "../../guardrail/run-guardrails.ts";
import type { Cascade } from "../../guardrail/run-cascade.ts";
import type { Verdict } from "../../guardrail/verdict.ts";
import type { ChatStream } from "../../model/chat-model.ts";
import type { Action } from "../../policy/policy.ts";
import type { Fields } from "../../wire/chat-chunk.ts";
import type { CompletionMessage } from "../../wire/chat-completion.ts";
import { captureChoice, keepPassed } from "../capture-choice.ts";
import { answerVerdicts } from "../check-answer.ts";
import { expectedAnswer } from "../expected-answer.ts";
import { choiceNotes, failures } from "../guard-choice.ts";
import { alarm } from "../guard-input.ts";
import { countAction } from "../usage.ts";
import { ChoiceGuard } from "./choice-guard.ts";
import type { Stop } from "./stop.ts";
import type { JudgeWindows } from "./judge-windows.ts";
import type { StreamContext } from "./stream-context.ts";

export type Ending =
  /** the choice of the last chunk */
  | { readonly kind: "last"; readonly choice: Fields }
  | { readonly kind: "repair"; readonly stream: ChatStream }
  | { readonly kind: "unavailable"; readonly guardrail: string };

export class ChoiceEnd {
  readonly guard: ChoiceGuard;
  readonly windows: JudgeWindows | null;
  readonly #context: StreamContext;
  /** one for the whole choice: a sampled answer is judged from its first window to its last check */
  readonly #draw: number;
  isOver = false;
  /** the client gets nothing more of what the model says, so it need not go on */
  isWithheld = false;
  #repairs = 0;
  readonly #left = new AbortController();
  #guidance: readonly string[];
  #guidanceVersion: string | null;
  /** what made the answer be asked for again */
  #repaired: { readonly verdicts: readonly Verdict[]; readonly mistakeId: string | null } | null = null;

  constructor(context: StreamContext, index: number) {
    this.#context = context;
    this.#draw = context.dependencies.random();
    this.windows = context.createWindows(this.#draw);
    this.guard = new ChoiceGuard(index, context.watch, this.windows);
    this.#guidance = context.guidance;
    this.#guidanceVersion = context.guidanceVersion;
  }

  get isRepaired(): boolean {
    return this.#repairs > 0;
  }

  /** The client is gone: nothing more leaves, and nothing is asked for again. */
  leave(): void {
    this.#left.abort();
  }

  /** The last check of an answer that is whole. */
  async finish(head: Fields): Promise<Ending> {
    this.windows?.stop();
    const { guardrails, policy, mode } = this.#context;
    const verdicts = await this.#checkGiven(guardrails);
    alarm(this.#context.dependencies, this.guard.errors, this.#context.caller);
    const decision = decide(policy, verdicts, guardrails);
    if (decision.action === "unavailable" && mode === "hold_back") return this.#unavailable(decision.guardrail);
    // Everything was sent: all that is left is to say so, also where another guardrail failed.
    if (mode === "observe" || decision.action === "unavailable") {
      const flags = verdicts.filter(({ status }) => status === "flag");
      const { action: wanted } = decide(policy, flags, guardrails);
      return await this.#release(head, verdicts, wanted === "allow" ? wanted : "annotate");
    }
    const { action } = decision;
    if (action === "redact" && (await this.#redact(verdicts))) return await this.#release(head, verdicts, action);
    if (letsPass(action)) return await this.#release(head, verdicts, action);
    return await this.#withhold(head, verdicts, action === "repair" ? "repair" : "block");
  }

  /** What a guardrail found while the answer came. */
  async stop({ action, verdicts }: Stop, head: Fields): Promise<Ending> {
    this.windows?.stop();
    if (action === "unavailable") {
      alarm(this.#context.dependencies, verdicts, this.#context.caller);
      return this.#unavailable(failures(verdicts)[0]?.guardrail ?? "unknown");
    }
    return await this.#withhold(head, await this.#withWholeText(verdicts), action);
  }

  /** The answer broke off. Whether what was held is clean, and left. */
  async abandon(head: Fields): Promise<boolean> {
    this.isOver = true;
    this.windows?.stop();
    const { guardrails, policy, mode } = this.#context;
    const fast = { fast: guardrails.fast, slow: [] };
    const verdicts = await this.#checkGiven(fast);
    const { action } = decide(policy, verdicts, fast);
    const isClean = mode === "observe" || (letsPass(action) && this.windows?.isActive !== true);
    if (isClean) this.guard.clearAll();
    await this.#capture(head, verdicts, isClean ? "annotate" : "block");
    return isClean;
  }

  #unavailable(guardrail: string): Ending {
    this.isOver = true;
    return { kind: "unavailable", guardrail };
  }

  /** The judges that have read of it while it came. */
  #readers(): Pick<Cascade, "begun" | "readBefore"> {
    return this.windows === null ? {} : { begun: this.windows.begun, readBefore: this.windows.readBefore };
  }

  /** Of the answer as the model gave it. */
  async #checkGiven(guardrails: GuardrailSet): Promise<readonly Verdict[]> {
    const given = this.guard.texts.message("given");
    return await this.#check(guardrails, given, given);
  }

  async #check(
    guardrails: GuardrailSet,
    message: CompletionMessage,
    given: CompletionMessage,
  ): Promise<readonly Verdict[]> {
    const { request, call, policy, dependencies, caller } = this.#context;
    const { messages } = request;
    const beside = this.guard.texts.beside(given);
    const expected = expectedAnswer(request);
    const cascade = { guardrails, policy, call, draw: this.#draw, ...this.#readers() };
    const check = { ...cascade, messages, guidance: this.#guidance, expected, beside };
    const verdicts = await answerVerdicts(check, message);
    alarm(dependencies, verdicts, caller);
    return verdicts;
  }

  /** The verdicts that all fast guardrails give on what has come, and the ones that stopped it. */
  async #withWholeText(stopping: readonly Verdict[]): Promise<readonly Verdict[]> {
    const { guardrails } = this.#context;
    const whole = await this.#checkGiven({ fast: guardrails.fast, slow: [] });
    // A judge that missed its deadline stopped it without a flag.
    const failedJudges = failures(stopping).filter(
      ({ guardrail }) => !whole.some((each) => each.guardrail === guardrail),
    );
    alarm(this.#context.dependencies, failedJudges, this.#context.caller);
    const flagged = stopping.filter(({ status }) => status === "flag");
    const kept = whole.filter(
      ({ guardrail, status }) => status === "flag" || !flagged.some((verdict) => verdict.guardrail === guardrail),
    );
    const missing = flagged.filter(({ guardrail }) => !kept.some((verdict) => verdict.guardrail === guardrail));
    return [...kept, ...missing, ...failedJudges];
  }

  /** Cuts, and checks what is left in the very form in which it leaves. */
  async #redact(verdicts: readonly Verdict[]): Promise<boolean> {
    const { guardrails, policy } = this.#context;
    if (!this.guard.cut(verdicts)) return false;
    const { texts } = this.guard;
    const fast = { fast: guardrails.fast, slow: [] };
    const again = await this.#check(fast, texts.message("sent"), texts.message("given"));
    const { action } = decide(policy, again, guardrails);
    return letsPass(action);
  }

  async #release(head: Fields, verdicts: readonly Verdict[], action: Action): Promise<Ending> {
    this.isOver = true;
    this.guard.clearAll();
    const mistakeId = await this.#capture(head, verdicts, action);
    if (mistakeId === null && letsPass(action)) await this.#keep(head, verdicts, action);
    const noted = this.#noted(verdicts);
    const [told, id] = this.#repaired === null ? [action, mistakeId] : (["repair", this.#repaired.mistakeId] as const);
    return this.#last(this.guard.finishReason ?? "stop", noted, told, id);
  }

  async #withhold(head: Fields, verdicts: readonly Verdict[], wanted: "repair" | "block"): Promise<Ending> {
    const { policy, call } = this.#context;
    const isTooLate =
      this.#repairs >= policy.repair_attempts ||
      call.signal.aborted ||
      this.#left.signal.aborted ||
      this.guard.hasReleasedCalls;
    const isLastTime = wanted === "block" || isTooLate;
    const action = isLastTime ? "block" : "repair";
    const mistakeId = await this.#capture(head, verdicts, action);
    if (action === "repair") {
      const again = this.#context.repair(verdicts, this.guard.texts.releasedContent, this.#left.signal);
      const stream = await again.stream;
      if (stream.ok) {
        this.#repairs += 1;
        this.#repaired = { verdicts: [...(this.#repaired?.verdicts ?? []), ...verdicts], mistakeId };
        this.#guidance = again.guidance;
        this.#guidanceVersion = again.guidanceVersion;
        this.guard.discard();
        return { kind: "repair", stream: stream.value };
      }
    }
    this.isOver = true;
    this.isWithheld = true;
    this.guard.withhold();
    return this.#last("content_filter", this.#noted(verdicts), "block", mistakeId, this.guard.releasedCharacters);
  }

  #noted(verdicts: readonly Verdict[]): readonly Verdict[] {
    const earlier = [
      ...failures(this.#context.inputVerdicts),
      ...(this.windows?.errors ?? []),
      ...this.guard.errors,
      ...(this.#repaired?.verdicts ?? []),
    ];
    return [...earlier, ...verdicts];
  }

  #last(
    finishReason: string,
    noted: readonly Verdict[],
    action: Action,
    mistakeId: string | null,
    released: number | null = null,
  ): Ending {
    const { policy, caller, dependencies, request } = this.#context;
    const notes = choiceNotes(noted, action, policy, mistakeId, request.messages);
    countAction(dependencies.meter, caller, action);
    const { setback } = notes;
    const told =
      setback === undefined || released === null
        ? notes
        : { ...notes, setback: { ...setback, released_characters: released } };
    return {
      kind: "last",
      choice: { index: this.guard.index, delta: {}, finish_reason: finishReason, ...told },
    };
  }

  /** Before the last chunk leaves, so that whoever names the completion finds it. */
  async #keep(head: Fields, verdicts: readonly Verdict[], action: Action): Promise<void> {
    const { request, caller, inputVerdicts, mode, dependencies } = this.#context;
    const answer = this.guard.texts.message("given");
    const [model, completionId] = [textField(head, "model"), textField(head, "id")];
    const origin = { model, completionId, guidanceVersion: this.#guidanceVersion, streamMode: mode };
    const choice = this.guard.index;
    await keepPassed(dependencies, request, caller, { choice, answer, inputVerdicts, verdicts, action, ...origin });
  }

  async #capture(head: Fields, verdicts: readonly Verdict[], action: Action): Promise<string | null> {
    if (flaggedFindings(verdicts).length === 0) return null;
    const { request, caller, inputVerdicts, mode } = this.#context;
    const isWithheld = action === "block" || action === "repair" || this.#left.signal.aborted;
    return await captureChoice(this.#context.dependencies, request, caller, {
      answer: this.guard.texts.message("given"),
      inputVerdicts,
      verdicts,
      action,
      // What may still leave has left by now where the rest is withheld; otherwise the rest leaves with the last chunk.
      releasedCharacters: isWithheld ? this.guard.releasedCharacters : this.guard.allCharacters,
      model: textField(head, "model"),
      completionId: textField(head, "id"),
      guidanceVersion: this.#guidanceVersion,
      streamMode: mode,
    });
  }
}
