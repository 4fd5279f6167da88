// POST /v1/dead-letters/replay: puts back what could not be processed, a page at a time (`npm run replay`). Law: the operator's
// alone, since letters are of every project; counts only, no text.
import { createRoute, z } from "@hono/zod-openapi";
import { DEAD_LETTER_PREFIX } from "../induction/dead-letter.ts";
import { replayDeadLetters } from "../jobs/replay-dead-letters.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { requireOperator } from "./operator-only.ts";

/** Each letter costs a few operations one after another; a Worker's request should not last minutes. */
const MOST_AT_ONCE = 100;

const orderSchema = z
  .strictObject({
    limit: z.int().min(1).max(MOST_AT_ONCE).default(MOST_AT_ONCE),
    after: z.string().startsWith(DEAD_LETTER_PREFIX).max(1024).nullable().default(null),
    dry_run: z.boolean().default(false),
  })
  .meta({ id: "DeadLetterReplayRequest" });

const replayedSchema = z
  .object({
    object: z.literal("dead_letter_replay"),
    dry_run: z.boolean(),
    replayed: z.int(),
    unreadable: z.int(),
    refused: z.int(),
    next: z.string().nullable(),
  })
  .meta({ id: "DeadLetterReplay" });

const route = createRoute({
  method: "post",
  path: "/v1/dead-letters/replay",
  summary: "Puts back messages that could not be processed; the operator's own key alone",
  security: bearer,
  request: { body: jsonBodyOf(orderSchema) },
  responses: { 200: jsonReply("What became of this page", replayedSchema), 400: problemReply, ...keyReplies },
});

export const deadLetters = createRouter().openapi(route, async (context) => {
  const { services, key } = context.var;
  requireOperator(key);
  const { limit, after, dry_run: isRehearsal } = context.req.valid("json");
  const counts = await replayDeadLetters(services, { limit, after, isRehearsal });
  return context.json({ object: "dead_letter_replay" as const, dry_run: isRehearsal, ...counts }, 200);
});
