// Between the domain's mistakes and the wire's.
import { answerText } from "../mistake/exchange-text.ts";
import type { MistakeWithAnalyses } from "../mistake/mistake-store.ts";
import type { Analysis, Attack } from "../mistake/mistake.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { AttackWire, MistakeWire } from "../wire/mistake.ts";
import { seconds } from "../wire/seconds.ts";

export function verdictToWire({ latencyMilliseconds, ...verdict }: Verdict): MistakeWire["verdicts"][number] {
  return { ...verdict, latency_ms: latencyMilliseconds, findings: [...verdict.findings] };
}

function analysisToWire(analysis: Analysis): MistakeWire["analyses"][number] {
  const { quality, details } = analysis;
  return {
    id: analysis.id,
    object: "analysis",
    text: analysis.text,
    prompt_version: analysis.promptVersion,
    model: analysis.model,
    created_at: seconds(analysis.createdAt),
    quality: quality === null ? null : { passed: quality.length === 0, faults: [...quality] },
    attempts: analysis.attempts,
    details:
      details === null
        ? null
        : {
            is_mistake: details.isMistake,
            categories: [...details.categories],
            span: details.span,
            why: details.why,
            what_a_good_answer_does: details.whatAGoodAnswerDoes,
          },
    proposed_correction: analysis.proposedCorrection,
  };
}

/** @param sizes of clusters by their ids; one that is missing has nobody else in it */
export function mistakeToWire(
  { mistake, analyses }: MistakeWithAnalyses,
  sizes: ReadonlyMap<string, number>,
): MistakeWire {
  const { provenance, clusterId } = mistake;
  return {
    id: mistake.id,
    object: "mistake",
    kind: mistake.kind,
    source: mistake.source,
    state: mistake.state,
    messages: [...mistake.exchange.messages],
    answer: answerText(mistake.exchange.answer),
    answer_message: mistake.exchange.answer,
    categories: [...mistake.categories],
    verdicts: mistake.verdicts.map(verdictToWire),
    analyses: analyses.map(analysisToWire),
    correction: mistake.correction,
    action: mistake.action,
    released_characters: mistake.releasedCharacters,
    stream_mode: provenance.streamMode,
    model: provenance.model,
    guidance_version: provenance.guidanceVersion,
    policy_version: provenance.policyVersion,
    classifier_version: provenance.classifierVersion,
    technique: provenance.technique ?? null,
    key_id: provenance.keyId,
    has_end_user: provenance.endUser !== null,
    request_id: provenance.requestId,
    completion_id: provenance.completionId,
    cluster: clusterId === null ? null : { id: clusterId, size: sizes.get(clusterId) ?? 1 },
    quarantine: mistake.quarantine,
    created_at: seconds(mistake.createdAt),
  };
}

export function attackToWire(attack: Attack): AttackWire {
  return {
    id: attack.id,
    object: "attack",
    messages: [...attack.messages],
    categories: [...attack.categories],
    verdicts: attack.verdicts.map(verdictToWire),
    policy_version: attack.policyVersion,
    key_id: attack.keyId,
    has_end_user: attack.endUser !== null,
    request_id: attack.requestId,
    upstream_started: attack.upstreamStarted,
    action: attack.action,
    overruled_by: attack.overruledBy,
    created_at: seconds(attack.createdAt),
  };
}
