// OpenAI's moderation as a judge (developers.openai.com/docs/guides/moderation). Law: a text that nobody moderated is never a pass.
// Not run against the real service: its reading is tested on what its documentation publishes.
import { labelledCategories } from "../../../policy/category-labels.ts";
import type { SlowGuardrail } from "../../guardrail.ts";
import type { Side } from "../../verdict.ts";
import { askEndpoint } from "../ask-endpoint.ts";
import { judgeInPieces, PIECES, subjectOf } from "../judge-in-pieces.ts";
import { lengthOf, piecesOf, turnsOf } from "../quoted-turns.ts";
import { type ModerationThresholds, readModeration } from "./read-moderation.ts";

export interface OpenAIModerationOptions {
  readonly id: string;
  readonly sides: readonly Side[];
  readonly upstream: string;
  /** null: the newest one */
  readonly model: string | null;
  readonly thresholds: ModerationThresholds;
}

const VERSION = "openai-moderation-2026-11-23.1";
const NEWEST_MODEL = "omni-moderation-latest";

export function createOpenAIModerationGuardrail(options: OpenAIModerationOptions): SlowGuardrail {
  const { id, sides, upstream, thresholds } = options;
  const identity = { id, version: VERSION };
  const model = options.model ?? NEWEST_MODEL;
  return {
    ...identity,
    sides,
    categories: labelledCategories("openai_moderation"),
    async check(exchange, side, call) {
      // It moderates texts, not exchanges: it has no place for a context.
      const turns = turnsOf(subjectOf(exchange, side).judged);
      return await judgeInPieces({
        ...{ identity, side, length: lengthOf(turns), pieces: piecesOf(turns, PIECES), signal: call.signal },
        ask: async (piece) => {
          const texts = [piece.turns.map(({ text }) => text).join("\n")];
          const body = { model, input: texts[0] };
          const answered = await askEndpoint(
            { path: "/moderations", body, proof: "bearer", upstream, model, texts },
            call,
          );
          return answered.ok ? readModeration(answered.value, side, thresholds) : answered;
        },
      });
    },
  };
}
