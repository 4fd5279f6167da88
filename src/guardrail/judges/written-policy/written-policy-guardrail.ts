// A judge that reads the operator's written policy (gpt-oss-safeguard, or any model that follows instructions). Law: only a clear
// «no violation» of every piece is a pass. Not run with gpt-oss-safeguard itself.
import type { RandomBytes } from "../../../lib/ids.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import type { ChatModel } from "../../../model/chat-model.ts";
import { contentVersion } from "../../content-version.ts";
import type { GuardrailCall, SlowGuardrail } from "../../guardrail.ts";
import type { Side } from "../../verdict.ts";
import { askModel, upstreamOf } from "../ask-chat.ts";
import type { Judgement } from "../judge-in-pieces.ts";
import { judgeQuoted } from "../judge-quoted.ts";
import { judgedFinding } from "../labelled-finding.ts";
import type { Piece } from "../quoted-turns.ts";
import { createStructuredCompletion } from "../structured-completion.ts";
import { readPolicyJudgement } from "./read-policy-judgement.ts";
import {
  CONFIDENCES,
  type Confidence,
  WRITTEN_POLICY_VERSION,
  type WrittenPolicy,
  writtenPolicyRequest,
} from "./written-policy-prompt.ts";

export interface WrittenPolicyOptions {
  readonly id: string;
  readonly sides: readonly Side[];
  /** null: the deployed model */
  readonly upstream: string | null;
  /** null: the one that the client asks, or the upstream's own */
  readonly model: string | null;
  readonly policy: WrittenPolicy;
  /** a violation that the judge is less sure of is none */
  readonly minimumConfidence: Confidence;
  /** a reasoning model needs more than the judgement itself */
  readonly maxAnswerTokens: number;
  readonly randomBytes: RandomBytes;
}

export function createWrittenPolicyGuardrail(options: WrittenPolicyOptions): SlowGuardrail {
  const { id, sides, upstream, model, policy, minimumConfidence, maxAnswerTokens, randomBytes } = options;
  const identity = { id, version: `written-policy-${WRITTEN_POLICY_VERSION}-${contentVersion(policy)}` };
  const complete = createStructuredCompletion();

  async function serverOf(call: GuardrailCall): Promise<Result<ChatModel, string>> {
    if (upstream === null) return ok(call.model);
    const found = await upstreamOf(upstream, call);
    return found.ok ? ok(found.value.chat) : found;
  }

  async function ask(
    side: Side,
    context: Piece,
    judged: Piece,
    call: GuardrailCall,
  ): Promise<Result<Judgement, string>> {
    const server = await serverOf(call);
    if (!server.ok) return server;
    const asked = writtenPolicyRequest(policy, { side, context, judged }, maxAnswerTokens, randomBytes);
    const request = model === null ? asked : { ...asked, model };
    const said = await askModel(server.value, request, call, async (given, signal) => {
      return await complete(server.value, given, signal);
    });
    if (!said.ok) return said;
    const read = readPolicyJudgement(said.value, policy.categories);
    if (!read.ok) return err(read.error);
    const { categories, confidence, rationale } = read.value;
    const isSure = CONFIDENCES.indexOf(confidence) >= CONFIDENCES.indexOf(minimumConfidence);
    const named = isSure ? categories : [];
    return ok({ findings: named.map((category) => judgedFinding(id, side, category)), rationale, score: null });
  }

  return {
    ...identity,
    sides,
    categories: policy.categories,
    async check(exchange, side, call) {
      return await judgeQuoted(identity, exchange, side, call.signal, async (context, judged) => {
        return await ask(side, context, judged, call);
      });
    },
  };
}
