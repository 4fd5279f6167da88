// Between kept exchanges as the domain knows them and rows of D1.
import type { InferSelectModel } from "drizzle-orm";
import type { keptExchanges } from "../../db/feedback-tables.ts";
import type { KeptExchange } from "../../mistake/kept-exchange.ts";
import type { Captured } from "../../mistake/mistake-store.ts";
import type { StoredExchange } from "../../mistake/mistake.ts";
import { inlineOf, objectKeyOf, provenanceOf, storedVerdict, verdictOf } from "./mistake-rows.ts";

export type KeptExchangeRow = InferSelectModel<typeof keptExchanges>;

export function keptToRow({ kept, exchange }: Extract<Captured, { type: "exchange" }>): KeptExchangeRow {
  const { provenance, ...rest } = kept;
  return {
    ...rest,
    ...provenance,
    verdicts: rest.verdicts.map(storedVerdict),
    exchange: inlineOf(exchange),
    exchangeKey: objectKeyOf(exchange),
  };
}

export function rowToKept(row: KeptExchangeRow, exchange: StoredExchange): KeptExchange {
  const { id, projectId, choice, state, action, createdAt, expiresAt } = row;
  return {
    ...{ id, projectId, choice, state, action, exchange, createdAt, expiresAt },
    verdicts: row.verdicts.map(verdictOf),
    provenance: provenanceOf(row),
  };
}
