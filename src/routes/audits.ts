// POST /v1/audits: a dry run on a log. Law: a line is answered before the next one is read, so that neither side's memory grows;
// nothing of it is stored or logged.
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { NO_KEY } from "../access/key.ts";
import { auditLog } from "../generation/audit-log.ts";
import { requestPolicy } from "../generation/request-policy.ts";
import { unmonitored } from "../guardrail/compiled-policy.ts";
import { type JsonLine, jsonLines } from "../lib/json-lines.ts";
import type { AppEnvironment } from "../middleware/app-services.ts";
import { linesBody } from "../middleware/json-body.ts";
import { invalidRequest, ProblemError, unwrap } from "../problem.ts";
import { type AuditEntry, auditEntrySchema, auditRequestSchema } from "../wire/audit-line.ts";
import { MOST_LEVELS } from "../wire/chat-completion.ts";
import { checkingFor } from "./checking.ts";
import { bearer, createRouter, keyReplies, problemReply, readJson } from "./documented.ts";

const LIMITS = { mostBytes: 1_048_576, mostLines: 20_000, mostLevels: MOST_LEVELS };
/** Each asks every judge on two sides. */
const MOST_JUDGED_LINES = 50;

const querySchema = z.object({
  judges: z.enum(["true", "false"]).default("false").meta({ description: "Judges are asked too: that costs calls." }),
  only: z
    .enum(["flagged", "all"])
    .default("all")
    .meta({ description: "flagged: exchanges that pass are only counted." }),
  key_id: z.string().min(1).max(64).optional().meta({ description: "By this key's policy; else by the project's." }),
});

const route = createRoute({
  method: "post",
  path: "/v1/audits",
  summary: "What would have been flagged in a log, and why; nothing is stored",
  description:
    'Lines of JSON (application/jsonl), each {"messages", "answer"?, "id"?} or {"request", "response"} as OpenAI\'s API has them; or JSON: {"exchanges": […]}. The reply is lines of JSON: one for each exchange, a summary at last.',
  security: bearer,
  request: {
    query: querySchema,
    body: {
      content: {
        "application/jsonl": { schema: z.string() },
        "application/json": { schema: auditRequestSchema },
      },
      required: true,
    },
  },
  responses: {
    200: { description: "Line by line", content: { "application/jsonl": { schema: auditEntrySchema } } },
    400: problemReply,
    ...keyReplies,
    413: problemReply,
    415: problemReply,
    429: problemReply,
    503: problemReply,
  },
});

async function* givenLines(exchanges: readonly unknown[]): AsyncGenerator<JsonLine> {
  await Promise.resolve();
  for (const [index, value] of exchanges.entries()) yield { line: index + 1, value, bytes: 0 };
}

async function linesOf(context: Context<AppEnvironment>, mostLines: number): Promise<AsyncIterable<JsonLine>> {
  const body = linesBody(context);
  if (body !== null) return jsonLines(body, { ...LIMITS, mostLines });
  const { exchanges } = await readJson(context, auditRequestSchema);
  if (exchanges.length <= mostLines) return givenLines(exchanges);
  throw new ProblemError(invalidRequest(`exchanges: at most ${mostLines} at once here.`, "exchanges"));
}

/** Pulled, never pushed: who reads slowly slows the checks down. */
function replyOf(entries: AsyncGenerator<AuditEntry>, isShown: (entry: AuditEntry) => boolean): ReadableStream {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        for (;;) {
          const next = await entries.next();
          if (next.done === true) {
            controller.close();
            return;
          }
          if (!isShown(next.value)) continue;
          controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`));
          return;
        }
      },
      cancel: async () => {
        await entries.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

export const audits = createRouter();

audits.openAPIRegistry.registerPath(route);

audits.post(route.path, async (context) => {
  const { services, key } = context.var;
  const query = querySchema.safeParse(context.req.query());
  if (!query.success) throw new ProblemError(invalidRequest("judges is true or false, only is flagged or all."));
  const { judges, only, key_id: keyId = NO_KEY } = query.data;
  const { projectId, id: callerId } = key;
  const asksJudges = judges === "true";
  const compiled = unmonitored(unwrap(await requestPolicy(services, { projectId, id: keyId })));
  const signal = context.req.raw.signal;
  const checking = await checkingFor(services, { projectId, callerId, keyId, asksJudges, signal });
  const lines = await linesOf(context, asksJudges ? MOST_JUDGED_LINES : LIMITS.mostLines);
  const audit = { compiled, checking, logger: services.logger };
  const isShown = (entry: AuditEntry): boolean =>
    only === "all" || entry.object !== "audited_exchange" || entry.flagged;
  return context.body(replyOf(auditLog(audit, lines), isShown), 200, {
    "content-type": "application/jsonl; charset=utf-8",
    "cache-control": "no-store",
  });
});
