// The judge: the deployed model is asked about the exchange, for models recognise harm more easily than they avoid it
// (arXiv 2310.10477). Law: only a clear «no» to every piece is a pass; what was not shown to it is not claimed as checked.
import type { RandomBytes } from "../../lib/ids.ts";
import { languageOf } from "../../lib/language.ts";
import { ok, type Result } from "../../lib/result.ts";
import { CATEGORY_TITLES, type Category, HARMFUL } from "../../policy/category.ts";
import type { GuardrailCall, SlowGuardrail } from "../guardrail.ts";
import { askModel } from "../judges/ask-chat.ts";
import { judgement, type Judgement } from "../judges/judge-in-pieces.ts";
import { judgeQuoted } from "../judges/judge-quoted.ts";
import type { Piece } from "../judges/quoted-turns.ts";
import { createStructuredCompletion } from "../judges/structured-completion.ts";
import type { Finding, Side } from "../verdict.ts";
import { HAZARDS } from "./judged-categories.ts";
import { readJudgement } from "./read-judgement.ts";
import { SELF_CHECK_PROMPTS, SELF_CHECK_VERSION } from "./self-check-prompts.ts";
import { selfCheckRequest } from "./self-check-request.ts";

const RULE = "self-check";

export interface SelfCheckOptions {
  readonly id: string;
  readonly sides: readonly Side[];
  /** null: the one that the client asks */
  readonly model: string | null;
  readonly randomBytes: RandomBytes;
}

function findingOf(side: Side, category: Category): Finding {
  const subject = side === "input" ? "request" : "answer";
  const title = Object.entries(CATEGORY_TITLES).find(([id]) => id === category)?.[1];
  const kind = title === undefined ? "" : ` (${title})`;
  return { rule: RULE, category, span: null, message: `The model itself judges the ${subject} harmful${kind}.` };
}

export function createSelfCheckGuardrail({ id, sides, model, randomBytes }: SelfCheckOptions): SlowGuardrail {
  const identity = { id, version: SELF_CHECK_VERSION };
  const complete = createStructuredCompletion();

  async function ask(
    side: Side,
    context: Piece,
    judged: Piece,
    call: GuardrailCall,
  ): Promise<Result<Judgement, string>> {
    const prompt = SELF_CHECK_PROMPTS[languageOf(judged.turns.map(({ text }) => text).join("\n"))];
    const asked = selfCheckRequest({ side, context, judged }, prompt, randomBytes);
    const request = model === null ? asked : { ...asked, model };
    const said = await askModel(call.model, request, call, async (given, signal) => {
      return await complete(call.model, given, signal);
    });
    if (!said.ok) return said;
    const read = readJudgement(said.value);
    return read.ok ? ok(judgement(read.value === null ? [] : [findingOf(side, read.value.category)])) : read;
  }

  return {
    ...identity,
    sides,
    categories: [...HAZARDS, HARMFUL],
    async check(exchange, side, call) {
      return await judgeQuoted(identity, exchange, side, call.signal, async (context, judged) => {
        return await ask(side, context, judged, call);
      });
    },
  };
}
