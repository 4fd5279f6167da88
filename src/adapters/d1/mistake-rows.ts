// Between mistakes as the domain knows them and rows of D1. Law: nothing is lost either way (test/adapters/d1/mistake-rows).
import type { InferSelectModel } from "drizzle-orm";
import type { analyses, attacks, mistakes } from "../../db/mistake-tables.ts";
import type { StoredVerdict, Verdict } from "../../guardrail/verdict.ts";
import type { Captured, Kept } from "../../mistake/mistake-store.ts";
import type { Analysis, Attack, Mistake, Provenance, StoredExchange } from "../../mistake/mistake.ts";
import type { ChatMessage } from "../../wire/chat-completion.ts";

export type MistakeRow = InferSelectModel<typeof mistakes>;
export type AttackRow = InferSelectModel<typeof attacks>;
export type AnalysisRow = InferSelectModel<typeof analyses>;

export function inlineOf<Value>(kept: Kept<Value>): Value | null {
  return "inline" in kept ? kept.inline : null;
}

export function objectKeyOf(kept: Kept<unknown>): string | null {
  return "objectKey" in kept ? kept.objectKey : null;
}

export function mistakeToRow(captured: Extract<Captured, { type: "mistake" }>): MistakeRow {
  const { provenance, ...mistake } = captured.mistake;
  return {
    ...mistake,
    ...provenance,
    technique: provenance.technique ?? null,
    verdicts: mistake.verdicts.map(storedVerdict),
    exchange: inlineOf(captured.exchange),
    exchangeKey: objectKeyOf(captured.exchange),
    releaseId: null,
    contentHash: captured.mark?.contentHash ?? null,
  };
}

export function storedVerdict({ guardrail, version, side, status, findings, ...rest }: Verdict): StoredVerdict {
  const said = Object.entries(rest).filter(([, value]) => value !== null);
  const found = findings.length === 0 ? {} : { findings };
  return { guardrail, version, side, status, ...Object.fromEntries(said), ...found };
}

/** Rows are older than some fields of verdicts, and lack what is null or empty. */
export function verdictOf(stored: StoredVerdict): Verdict {
  return {
    ...{ reason: null, score: null, threshold: null, latencyMilliseconds: null, rationale: null, findings: [] },
    ...stored,
  };
}

/** Of a row, which has its fields among its own. */
export function provenanceOf(row: Provenance): Provenance {
  const { model, guidanceVersion, policyVersion, classifierVersion, keyId, endUser, requestId } = row;
  const { completionId, streamMode, technique } = row;
  const versions = { model, guidanceVersion, policyVersion, classifierVersion };
  const induced = typeof technique === "string" ? { technique } : {};
  return { ...versions, keyId, endUser, requestId, completionId, streamMode, ...induced };
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
    provenance: provenanceOf(row),
    clusterId: row.clusterId,
    quarantine: row.quarantine,
    createdAt: row.createdAt,
  };
}

export function attackToRow(captured: Extract<Captured, { type: "attack" }>): AttackRow {
  const { verdicts, ...attack } = captured.attack;
  const { messages } = captured;
  return {
    ...attack,
    verdicts: verdicts.map(storedVerdict),
    messages: inlineOf(messages),
    messagesKey: objectKeyOf(messages),
  };
}

export function rowToAttack(row: AttackRow, messages: readonly ChatMessage[]): Attack {
  const { messagesKey: _, verdicts, ...attack } = row;
  return { ...attack, verdicts: verdicts.map(verdictOf), messages };
}

export function rowToAnalysis(row: AnalysisRow): Analysis {
  return { ...row };
}
