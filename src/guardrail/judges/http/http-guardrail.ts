// Any guardrail of the operator's own behind HTTP, as a judge. Law: every request is signed (Standard Webhooks), so that the guardrail
// knows who asks; only «not flagged» in the contract's form is a pass.
import { CATEGORY_TITLES } from "../../../policy/category.ts";
import { labelledCategories } from "../../../policy/category-labels.ts";
import type { ExchangeText } from "../../exchange.ts";
import type { SlowGuardrail } from "../../guardrail.ts";
import type { Side } from "../../verdict.ts";
import { askEndpoint } from "../ask-endpoint.ts";
import { judgeInPieces, MOST_CONTEXT_CHARACTERS, PIECES, subjectOf } from "../judge-in-pieces.ts";
import { endOf, lengthOf, type Piece, piecesOf } from "../quoted-turns.ts";
import type { HttpCheckRequest, HttpCheckText } from "./http-contract.ts";
import { type HttpLabels, readHttpCheck } from "./read-http-check.ts";

export interface HttpGuardrailOptions {
  readonly id: string;
  readonly sides: readonly Side[];
  readonly upstream: string;
  readonly labels: HttpLabels;
}

const VERSION = "http-2026-11-23.1";

function textsOf({ turns }: Piece<ExchangeText>): readonly HttpCheckText[] {
  return turns.map(({ role, location, text }) => ({ role, location, text }));
}

function isNotBlank({ text }: ExchangeText): boolean {
  return text.trim() !== "";
}

export function createHttpGuardrail({ id, sides, upstream, labels }: HttpGuardrailOptions): SlowGuardrail {
  const identity = { id, version: VERSION };
  const categories = labels === "setback" ? [...Object.keys(CATEGORY_TITLES), "custom:*"] : labelledCategories(labels);
  return {
    ...identity,
    sides,
    categories,
    async check(exchange, side, call) {
      const subject = subjectOf(exchange, side);
      const judged = subject.judged.filter(isNotBlank);
      const context = textsOf(endOf(subject.context.filter(isNotBlank), MOST_CONTEXT_CHARACTERS));
      return await judgeInPieces({
        ...{ identity, side, length: lengthOf(judged), pieces: piecesOf(judged, PIECES), signal: call.signal },
        ask: async (piece) => {
          const body: HttpCheckRequest = {
            type: "guardrail.check",
            guardrail: id,
            side,
            judged: textsOf(piece),
            context,
            is_cut: piece.isCut,
          };
          const texts = [...body.judged, ...context].map(({ text }) => text);
          const answered = await askEndpoint(
            { path: "", body, proof: "signature", upstream, model: `http:${id}`, texts },
            call,
          );
          return answered.ok ? readHttpCheck(answered.value, { side, labels, judged: piece.turns }) : answered;
        },
      });
    },
  };
}
