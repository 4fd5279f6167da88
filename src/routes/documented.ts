// The parts that every documented route repeats: bodies, replies and errors in OpenAPI's words.
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { isNestedDeeperThan } from "../lib/nesting.ts";
import { MOST_LEVELS } from "../wire/chat-completion.ts";
import { firstIssue } from "../wire/first-issue.ts";
import type { AppEnvironment } from "../middleware/app-services.ts";
import { invalidRequest, ProblemError } from "../problem.ts";

const problemSchema = z
  .object({
    error: z.looseObject({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string(),
    }),
  })
  .meta({ id: "Problem", description: "OpenAI's error object." });

/** A router whose validation failures are problems. */
export function createRouter(): OpenAPIHono<AppEnvironment> {
  return new OpenAPIHono<AppEnvironment>({
    defaultHook: (result) => {
      if (!result.success) throw new ProblemError(firstIssue(result.error));
    },
  });
}

/**
 * The body by its schema, for handlers that answer with a stream: hono's typed routes know JSON replies alone.
 * @param isOrdinary a short way past the schema, for what it would give back as it is
 */
export async function readJson<Schema extends z.ZodType>(
  context: Context<AppEnvironment>,
  schema: Schema,
  isOrdinary: (body: unknown) => body is z.infer<Schema> = (_body): _body is z.infer<Schema> => false,
): Promise<z.infer<Schema>> {
  let body: unknown;
  try {
    body = await context.req.json();
  } catch (cause) {
    throw new ProblemError({ ...invalidRequest("The body is no valid JSON.", null, "invalid_json"), cause });
  }
  if (isNestedDeeperThan(body, MOST_LEVELS)) {
    throw new ProblemError(invalidRequest(`The body is nested deeper than ${MOST_LEVELS} levels.`));
  }
  if (isOrdinary(body)) return body;
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new ProblemError(firstIssue(parsed.error));
  return parsed.data;
}

/** Where lines of JSON are the only thing that is understood. */
export function noLines(): ProblemError {
  return new ProblemError({
    status: 415,
    type: "invalid_request_error",
    code: "unsupported_media_type",
    message: 'Send lines of JSON, with the header "content-type: application/jsonl".',
    param: null,
  });
}

interface JsonContent<Schema> {
  readonly content: { readonly "application/json": { readonly schema: Schema } };
}

export function jsonBodyOf<Schema>(schema: Schema): JsonContent<Schema> & { readonly required: true } {
  return { content: { "application/json": { schema } }, required: true };
}

export function jsonReply<Schema>(
  description: string,
  schema: Schema,
): JsonContent<Schema> & { readonly description: string } {
  return { description, content: { "application/json": { schema } } };
}

export const problemReply = jsonReply("What went wrong, and what to do", problemSchema);

/** Every route behind a key can answer these. */
export const keyReplies = { 401: problemReply, 403: problemReply } as const;

export const bearer = [{ key: [] }];
