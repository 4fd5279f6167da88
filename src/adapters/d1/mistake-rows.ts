// Between mistakes as the domain knows them and rows of D1. Law: nothing is lost either way (test/adapters/d1/mistake-rows).
import type { InferSelectModel } from "drizzle-orm";
import type { analyses, attacks, mistakes } from "../../db/mistake-tables.ts";
import type { StoredVerdict, Verdict } from "../../guardrail/verdict.ts";
import type { Captured, Kept } from "../../mistake/mistake-store.ts";
import type { Analysis, Attack, Mistake, StoredExchange } from "../../mistake/mistake.ts";
import type { ChatMessage } from "../../wire/chat-completion.ts";

export type MistakeRow = InferSelectModel<typeof mistakes>;
export type AttackRow = InferSelectModel<typeof attacks>;
export type AnalysisRow = InferSelectModel<typeof analyses>;

function inline<Value>(kept: Kept<Value>): Value | null {
  return "inline" in kept ? kept.inline : null;
}

function objectKey(kept: Kept<unknown>): string | null {
  return "objectKey" in kept ? kept.objectKey : null;
}

export function mistakeToRow(captured: Extract<Captured, { type: "mistake" }>): MistakeRow {
  const { provenance, ...mistake } = captured.mistake;
  return {
    ...mistake,
    ...provenance,
    exchange: inline(captured.exchange),
    exchangeKey: objectKey(captured.exchange),
    releaseId: null,
    contentHash: captured.mark?.contentHash ?? null,
  };
}

/** Rows are older than some fields of verdicts. */
export function verdictOf(stored: StoredVerdict): Verdict {
  return { latencyMilliseconds: null, rationale: null, ...stored };
}

export function rowToMistake(row: MistakeRow, exchange: StoredExchange): Mistake {
  return {
    id: row.id,
    projectId: row.projectId,
    kind: row.kind,
    source: row.source,
    state: row.state,
    categories: row.categories,
    verdicts: row.verdicts.map(verdictOf),
    action: row.action,
    releasedCharacters: row.releasedCharacters,
    exchange,
    correction: row.correction,
    provenance: {
      model: row.model,
      guidanceVersion: row.guidanceVersion,
      policyVersion: row.policyVersion,
      classifierVersion: row.classifierVersion,
      keyId: row.keyId,
      endUser: row.endUser,
      requestId: row.requestId,
      completionId: row.completionId,
      streamMode: row.streamMode,
    },
    clusterId: row.clusterId,
    quarantine: row.quarantine,
    createdAt: row.createdAt,
  };
}

export function attackToRow(captured: Extract<Captured, { type: "attack" }>): AttackRow {
  return { ...captured.attack, messages: inline(captured.messages), messagesKey: objectKey(captured.messages) };
}

export function rowToAttack(row: AttackRow, messages: readonly ChatMessage[]): Attack {
  const { messagesKey: _, verdicts, ...attack } = row;
  return { ...attack, verdicts: verdicts.map(verdictOf), messages };
}

export function rowToAnalysis(row: AnalysisRow): Analysis {
  return { ...row };
}
