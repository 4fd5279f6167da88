// GET /v1/examples?label=good: what people called no mistake, one line of JSON each. Law: redacted as it is stored; whoever trains
// on it checks every answer by the guardrails again, as releases do.
import { createRoute, z } from "@hono/zod-openapi";
import { logAccess } from "../middleware/log-access.ts";
import type { MistakeWithAnalyses } from "../mistake/mistake-store.ts";
import { answerText } from "../mistake/exchange-text.ts";
import { bearer, createRouter, keyReplies, problemReply } from "./documented.ts";
import { ProblemError } from "../problem.ts";
import { firstIssue } from "../wire/first-issue.ts";
import { queryNumber } from "../wire/query-number.ts";
import { seconds } from "../wire/seconds.ts";

const NEXT_CURSOR = "x-setback-next-cursor";

const querySchema = z.object({
  label: z.literal("good"),
  limit: queryNumber(z.coerce.number<string>().int().min(1).max(100)).default(100),
  cursor: z.string().min(1).max(64).optional(),
});

const route = createRoute({
  method: "get",
  path: "/v1/examples",
  summary: "Good examples: dismissed mistakes, newest first",
  description: `JSON lines of {id, object: "example", label: "good", messages, answer, answer_message, categories, source, created_at}; \`categories\` is what the guardrails had flagged. The header ${NEXT_CURSOR} is the cursor of the next page, and missing on the last.`,
  security: bearer,
  request: { query: querySchema },
  responses: {
    200: { description: "The examples", content: { "application/jsonl": { schema: z.string() } } },
    400: problemReply,
    ...keyReplies,
  },
});

/** What only a reporter says that the model said, or what waits in quarantine, is nobody's example though it was dismissed. */
function isOfTheModel({ mistake: { source, quarantine, provenance } }: MistakeWithAnalyses): boolean {
  return quarantine === null && (source !== "feedback" || provenance.completionId !== "");
}

export const examples = createRouter();

// hono's typed routes know JSON replies alone.
examples.openAPIRegistry.registerPath(route);

examples.get("/v1/examples", async (context) => {
  const { services, key } = context.var;
  const asked = querySchema.safeParse(context.req.query());
  if (!asked.success) throw new ProblemError(firstIssue(asked.error));
  const { limit, cursor } = asked.data;
  const page = await services.mistakes.list(key.projectId, { state: "dismissed" }, { limit, cursor: cursor ?? null });
  logAccess(
    context,
    "examples",
    page.items.map(({ mistake }) => mistake.id),
  );
  const lines = page.items.filter(isOfTheModel).map(({ mistake }) => {
    const example = {
      ...{ id: mistake.id, object: "example", label: "good", messages: mistake.exchange.messages },
      ...{ answer: answerText(mistake.exchange.answer), answer_message: mistake.exchange.answer },
      ...{ categories: mistake.categories, source: mistake.source, created_at: seconds(mistake.createdAt) },
    };
    return `${JSON.stringify(example)}\n`;
  });
  const last = page.items.at(-1);
  if (page.hasMore && last !== undefined) context.header(NEXT_CURSOR, last.mistake.id);
  return context.body(lines.join(""), 200, { "content-type": "application/jsonl; charset=utf-8" });
});
