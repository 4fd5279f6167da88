// POST /v1/mistakes/import: errors that others have annotated already, as lines of JSON. Law: read as a stream, so that memory stays
// flat; the same file again stores nothing twice.
import { createRoute, z } from "@hono/zod-openapi";
import { outcomeOf } from "../generation/compare-policies.ts";
import { requestPolicy } from "../generation/request-policy.ts";
import { unmonitored } from "../guardrail/compiled-policy.ts";
import { emptyReport, importMistakes, type ImportReport } from "../induction/import/import-mistakes.ts";
import { errorMessage } from "../lib/error-message.ts";
import { jsonLines } from "../lib/json-lines.ts";
import { linesBody } from "../middleware/json-body.ts";
import { conflict, invalidRequest, ProblemError, unwrap } from "../problem.ts";
import { MOST_LEVELS } from "../wire/chat-completion.ts";
import { importLineSchema, importReportSchema, type ImportReportWire } from "../wire/import-line.ts";
import { checkingFor } from "./checking.ts";
import { bearer, createRouter, jsonReply, keyReplies, noLines, problemReply } from "./documented.ts";

const LIMITS = { mostBytes: 262_144, mostLines: 20_000, mostLevels: MOST_LEVELS };

const querySchema = z.object({ dry_run: z.enum(["true", "false"]).default("false") });

const route = createRoute({
  method: "post",
  path: "/v1/mistakes/import",
  summary: "Imports mistakes that were annotated elsewhere",
  description:
    "Lines of JSON, at most 20,000 of at most 256 KiB. A line is known again by its id, else by its content. What is refused is told line by line; the rest is imported.",
  security: bearer,
  request: {
    query: querySchema,
    body: {
      content: {
        "application/jsonl": { schema: importLineSchema.meta({ id: "ImportLine", description: "Of each line." }) },
      },
      required: true,
    },
  },
  responses: {
    200: jsonReply("The report", importReportSchema),
    400: problemReply,
    ...keyReplies,
    409: problemReply,
    415: problemReply,
    503: problemReply,
  },
});

function reportToWire(report: ImportReport, isDryRun: boolean): ImportReportWire {
  return {
    object: "import",
    dry_run: isDryRun,
    lines: report.lines,
    accepted: report.accepted,
    duplicates: report.duplicates,
    flagged_corrections: report.flaggedCorrections,
    refused_count: report.refusedCount,
    refused: report.refused,
  };
}

export const imports = createRouter();

imports.openAPIRegistry.registerPath(route);

imports.post(route.path, async (context) => {
  const { services, key, requestId } = context.var;
  const { projectId, id: keyId } = key;
  const query = querySchema.safeParse(context.req.query());
  if (!query.success) throw new ProblemError(invalidRequest("dry_run is true or false."));
  const isDryRun = query.data.dry_run === "true";
  const body = linesBody(context);
  if (body === null) throw noLines();
  const compiled = unmonitored(unwrap(await requestPolicy(services, key)));
  const { policy } = compiled;
  if (!policy.store) throw new ProblemError(conflict('The policy has "store": false: nothing is imported.'));
  const signal = context.req.raw.signal;
  const checking = await checkingFor(services, { projectId, callerId: keyId, keyId, asksJudges: false, signal });
  const order = {
    ...{ projectId, keyId, requestId, policy, isDryRun },
    check: async (exchange: Parameters<typeof outcomeOf>[1]) => await outcomeOf(compiled, exchange, checking),
  };
  const report = emptyReport();
  try {
    await importMistakes(services, order, jsonLines(body, LIMITS), report);
  } catch (cause) {
    services.logger.error("import_stopped", { reason: errorMessage(cause), request_id: requestId });
    throw new ProblemError({
      ...{ status: 503, type: "server_error", code: "import_stopped", param: null, cause },
      message: `The import stopped after ${report.accepted} new mistakes. Send the same again: nothing is stored twice.`,
      details: { report: reportToWire(report, isDryRun) },
    });
  }
  return context.json(reportToWire(report, isDryRun), 200);
});
