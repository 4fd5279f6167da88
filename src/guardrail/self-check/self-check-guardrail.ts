// The judge: the deployed model is asked about the exchange, for models recognise harm more easily than they avoid it
// (arXiv 2310.10477). Law: only a clear «no» to every piece is a pass; what was not shown to it is not claimed as checked.
import type { RandomBytes } from "../../lib/ids.ts";
import { languageOf } from "../../lib/language.ts";
import { err, type Result } from "../../lib/result.ts";
import { CATEGORY_TITLES, type Category, HARMFUL } from "../../policy/category.ts";
import type { ChatModel } from "../../model/chat-model.ts";
import type { ChatCompletion, ChatRequest } from "../../wire/chat-completion.ts";
import { ownCallTokens } from "../../wire/completion-tokens.ts";
import type { Exchange, ExchangeText } from "../exchange.ts";
import type { GuardrailCall, SlowGuardrail } from "../guardrail.ts";
import type { Finding, Side } from "../verdict.ts";
import { failed, judged as judgedVerdict, skipped } from "../verdicts.ts";
import { HAZARDS } from "./judged-categories.ts";
import { endOf, lengthOf, piecesOf, type Piece, turnsOf } from "../judges/quoted-turns.ts";
import { type Judgement, readJudgement } from "./read-judgement.ts";
import { SELF_CHECK_PROMPTS, SELF_CHECK_VERSION } from "./self-check-prompts.ts";
import { selfCheckRequest } from "./self-check-request.ts";

const RULE = "self-check";

/** With prompt and context about 3,000 tokens of English, so that a context of 8,192 holds the most wasteful script too. */
export const MOST_JUDGED_CHARACTERS = 6_000;
export const MOST_CONTEXT_CHARACTERS = 4_000;
/** a sentence or two */
export const OVERLAP_CHARACTERS = 400;
/** what one verdict may cost: 45,200 characters are read, the last ones of a longer text */
export const MOST_CALLS = 8;
/** Few enough to be no flood, many enough for a verdict's deadline; a Worker opens six connections at once. */
export const MOST_CALLS_AT_ONCE = 4;

export interface SelfCheckOptions {
  readonly id: string;
  readonly sides: readonly Side[];
  /** null: the one that the client asks */
  readonly model: string | null;
  readonly randomBytes: RandomBytes;
}

interface Subject {
  readonly judged: readonly ExchangeText[];
  readonly context: readonly ExchangeText[];
}

/** The system prompt is the client's own: it is what a request or an answer is judged by. */
function subjectOf({ conversation, answer }: Exchange, side: Side): Subject {
  if (side === "output") return { judged: answer, context: conversation };
  return {
    judged: conversation.filter(({ role }) => role !== "system"),
    context: conversation.filter(({ role }) => role === "system"),
  };
}

function findingOf(side: Side, category: Category): Finding {
  const subject = side === "input" ? "request" : "answer";
  const title = Object.entries(CATEGORY_TITLES).find(([id]) => id === category)?.[1];
  const kind = title === undefined ? "" : ` (${title})`;
  return { rule: RULE, category, span: null, message: `The model itself judges the ${subject} harmful${kind}.` };
}

function judgementOf({ choices }: ChatCompletion): Result<Judgement, string> {
  const message = choices[0]?.message;
  if (typeof message?.refusal === "string" && message.refusal !== "") return err("the judge declined to judge");
  return readJudgement(message?.content ?? "");
}

export function createSelfCheckGuardrail({ id, sides, model, randomBytes }: SelfCheckOptions): SlowGuardrail {
  const identity = { id, version: SELF_CHECK_VERSION };
  /** Models that refused structured outputs and answered without; bounded by the models that live. */
  const plainSpoken = new WeakSet<ChatModel>();

  /** A server that knows no structured outputs refuses the request, so it is asked once more in plain words. */
  async function complete(asked: ChatRequest, call: GuardrailCall): ReturnType<ChatModel["complete"]> {
    const { model: deployed, signal } = call;
    const request = model === null ? asked : { ...asked, model };
    const { response_format: _format, ...plain } = request;
    if (plainSpoken.has(deployed)) return await deployed.complete(plain, signal);
    const completed = await deployed.complete(request, signal);
    if (completed.ok || (completed.error.status !== 400 && completed.error.status !== 422)) return completed;
    const repeated = await deployed.complete(plain, signal);
    if (repeated.ok) plainSpoken.add(deployed);
    return repeated;
  }

  async function ask(
    side: Side,
    context: Piece,
    judged: Piece,
    call: GuardrailCall,
  ): Promise<Result<Judgement, string>> {
    call.signal.throwIfAborted();
    const prompt = SELF_CHECK_PROMPTS[languageOf(judged.turns.map(({ text }) => text).join("\n"))];
    const request = selfCheckRequest({ side, context, judged }, prompt, randomBytes);
    const completed = await complete(request, call);
    if (!completed.ok) return err(`the judge could not be asked: ${completed.error.code}`);
    call.spend({ model: completed.value.model, ...ownCallTokens(request, completed.value) });
    return judgementOf(completed.value);
  }

  return {
    ...identity,
    sides,
    categories: [...HAZARDS, HARMFUL],
    async check(exchange, side, call) {
      const subject = subjectOf(exchange, side);
      const turns = turnsOf(subject.judged);
      const length = lengthOf(turns);
      if (length === 0) return skipped(identity, side, "There is no text to judge.");
      const context = endOf(turnsOf(subject.context), MOST_CONTEXT_CHARACTERS);
      const pieces = piecesOf(turns, {
        most: MOST_JUDGED_CHARACTERS,
        overlap: OVERLAP_CHARACTERS,
        count: MOST_CALLS,
      });
      for (let first = 0; first < pieces.length; first += MOST_CALLS_AT_ONCE) {
        const judgements = await Promise.all(
          pieces.slice(first, first + MOST_CALLS_AT_ONCE).map(async (piece) => await ask(side, context, piece, call)),
        );
        const categories = judgements.flatMap((judgement) =>
          judgement.ok && judgement.value !== null ? [judgement.value.category] : [],
        );
        if (categories.length > 0) {
          const findings = [...new Set(categories)].map((category) => findingOf(side, category));
          return judgedVerdict(identity, side, findings);
        }
        const failure = judgements.find((judgement) => !judgement.ok);
        if (failure !== undefined) return failed(identity, side, failure.error);
      }
      const read = MOST_JUDGED_CHARACTERS + (MOST_CALLS - 1) * (MOST_JUDGED_CHARACTERS - OVERLAP_CHARACTERS);
      if (length > read) {
        return skipped(identity, side, `Only the last ${read} of ${length} characters were judged, without a flag.`);
      }
      return judgedVerdict(identity, side, []);
    },
  };
}
