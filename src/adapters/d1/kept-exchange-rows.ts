// Between kept exchanges as the domain knows them and rows of D1.
import type { InferSelectModel } from "drizzle-orm";
import type { keptExchanges } from "../../db/feedback-tables.ts";
import type { KeptExchange } from "../../mistake/kept-exchange.ts";
import type { Captured } from "../../mistake/mistake-store.ts";
import type { StoredExchange } from "../../mistake/mistake.ts";

export type KeptExchangeRow = InferSelectModel<typeof keptExchanges>;

export function keptToRow({ kept, exchange }: Extract<Captured, { type: "exchange" }>): KeptExchangeRow {
  const { provenance, ...rest } = kept;
  return {
    ...rest,
    ...provenance,
    exchange: "inline" in exchange ? exchange.inline : null,
    exchangeKey: "objectKey" in exchange ? exchange.objectKey : null,
  };
}

export function rowToKept(row: KeptExchangeRow, exchange: StoredExchange): KeptExchange {
  const { model, guidanceVersion, policyVersion, classifierVersion, keyId, endUser, requestId } = row;
  const { completionId, streamMode } = row;
  const { id, projectId, choice, state, action, createdAt, expiresAt } = row;
  const versions = { model, guidanceVersion, policyVersion, classifierVersion };
  return {
    ...{ id, projectId, choice, state, action, exchange, createdAt, expiresAt },
    verdicts: row.verdicts.map((verdict) => ({ latencyMilliseconds: null, rationale: null, ...verdict })),
    provenance: { ...versions, keyId, endUser, requestId, completionId, streamMode },
  };
}
