// GET /health: whether the gateway works, and what its operator should look at. Law: public, so counts only; asks no model.
import { createRoute, z } from "@hono/zod-openapi";
import { SPOOL_PREFIX } from "../induction/object-capture-sink.ts";
import { DEAD_LETTER_PREFIX } from "../induction/dead-letter.ts";
import { errorMessage } from "../lib/error-message.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { CROWDED_SHARE, FILLING_SHARE, FULL_SHARE } from "../mistake/storage-gauge.ts";
import { createRouter, jsonReply } from "./documented.ts";

/** A release that nobody has fetched for this many release intervals is worth a warning. */
const UNCOLLECTED_INTERVALS = 2;

const healthSchema = z
  .object({
    status: z.enum(["ok", "degraded"]),
    database: z.enum(["ok", "error"]),
    uncollected_releases: z.int().nullable(),
    spooled: z.int().nullable(),
    dead_letters: z.int().nullable(),
    database_percent: z.int().nullable().meta({ description: "How full the database is." }),
    warnings: z.array(z.string()),
  })
  .meta({ id: "Health" });

const route = createRoute({
  method: "get",
  path: "/health",
  summary: "Health, without a key",
  responses: { 200: jsonReply("It works", healthSchema), 503: jsonReply("It does not", healthSchema) },
});

/** Counts stop here: it is a warning, not a report. */
const MOST_COUNTED = 100;

function fillingWarning(full: number): readonly string[] {
  if (full < FILLING_SHARE) return [];
  const percent = `the database is ${Math.floor(full * 100)} % full`;
  if (full >= FULL_SHARE) {
    return [`${percent}: what is captured waits in the object store until there is room: see docs/storage.md`];
  }
  const crowded = full < CROWDED_SHARE ? "" : "; texts go to the object store now";
  return [`${percent}: shorten retention_days, or make releases${crowded}`];
}

async function look(services: AppServices): Promise<z.infer<typeof healthSchema>> {
  const { releases, objects, gauge, clock, releaseIntervalMilliseconds, logger } = services;
  try {
    const uncollected = await releases.countUncollected(clock() - UNCOLLECTED_INTERVALS * releaseIntervalMilliseconds);
    const spooled = (await objects.list(SPOOL_PREFIX, MOST_COUNTED)).length;
    const deadLetters = (await objects.list(DEAD_LETTER_PREFIX, MOST_COUNTED)).length;
    const full = await gauge.fullShare();
    const warnings = [
      ...fillingWarning(full),
      ...(uncollected > 0 ? ["releases wait for two periods or more: fetch their train.jsonl"] : []),
      ...(spooled > 0 ? ["captured mistakes wait in the object store: queue or database refused them"] : []),
      ...(deadLetters > 0
        ? [`messages could not be processed: see ${DEAD_LETTER_PREFIX} in the object store, then npm run replay`]
        : []),
    ];
    return {
      status: warnings.length > 0 ? "degraded" : "ok",
      database: "ok",
      uncollected_releases: uncollected,
      spooled,
      dead_letters: deadLetters,
      database_percent: Math.round(full * 100),
      warnings,
    };
  } catch (caught) {
    logger.error("health_check_failed", { reason: errorMessage(caught) });
    return {
      status: "degraded",
      database: "error",
      uncollected_releases: null,
      spooled: null,
      dead_letters: null,
      database_percent: null,
      warnings: ["the database or the object store can't be reached"],
    };
  }
}

export const health = createRouter().openapi(route, async (context) => {
  const seen = await look(context.var.services);
  return seen.database === "ok" ? context.json(seen, 200) : context.json(seen, 503);
});
