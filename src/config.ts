// The settings, parsed once from the Worker's variables and secrets. Law: a bad setting is a clear problem, never a default.
import { z } from "zod";
import { err, ok, type Result } from "./lib/result.ts";
import { type Problem } from "./problem.ts";

const MEBIBYTE = 1024 * 1024;
const WEEK_SECONDS = 7 * 24 * 60 * 60;

const count = (fallback: number, least: number, most: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().min(least).max(most).default(fallback);

const optionalText = z
  .string()
  .optional()
  .transform((text) => (text === undefined || text.trim() === "" ? null : text.trim()));

/** Whether requests can be sent below this address just as it is written; credentials and queries would be lost. */
function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return ["http:", "https:"].includes(protocol) && `${username}${password}${search}${hash}` === "";
}

const settingsSchema = z.object({
  /** the first key: every scope, in the default project */
  SETBACK_ADMIN_KEY: optionalText.refine((key) => key === null || key.length >= 24, {
    message: "is too short: use at least 24 random characters",
  }),
  SETBACK_UPSTREAM_URL: optionalText.refine((url) => url === null || isBaseUrl(url), {
    message: "is no http(s) address without credentials and query: use for example https://api.openai.com/v1",
  }),
  SETBACK_UPSTREAM_KEY: optionalText,
  SETBACK_UPSTREAM_MODEL: optionalText,
  SETBACK_UPSTREAM_TIMEOUT_MS: count(120_000, 10, 600_000),
  /** of each attempt alone; the whole time unless it is set */
  SETBACK_UPSTREAM_ATTEMPT_TIMEOUT_MS: z.coerce.number().int().min(10).max(600_000).optional(),
  SETBACK_UPSTREAM_IDLE_TIMEOUT_MS: count(60_000, 10, 600_000),
  SETBACK_UPSTREAM_ATTEMPTS: count(3, 1, 6),
  SETBACK_POLICY: optionalText,
  SETBACK_MAX_BODY_BYTES: count(20 * MEBIBYTE, 1024, 100 * MEBIBYTE),
  SETBACK_RELEASE_INTERVAL_SECONDS: count(WEEK_SECONDS, 1, 366 * 24 * 60 * 60),
  /** key of an object in the OBJECTS bucket: JSONL of {prompt, answer} */
  SETBACK_NORMAL_PAIRS: optionalText,
});

export interface Settings {
  readonly adminKey: string | null;
  readonly upstream: {
    /** ends in `/v1` or wherever the operator's path ends, without a slash; null means Workers AI */
    readonly url: string | null;
    readonly key: string | null;
    readonly model: string | null;
    readonly timeoutMilliseconds: number;
    readonly attemptTimeoutMilliseconds: number;
    /** the longest silence within a stream */
    readonly idleMilliseconds: number;
    readonly attempts: number;
  };
  readonly policy: string | null;
  readonly maxBodyBytes: number;
  readonly releaseIntervalMilliseconds: number;
  readonly normalPairsKey: string | null;
}

/** `http://host` alone means `http://host/v1`, as OpenAI's base URL does. */
function baseUrl(text: string | null): string | null {
  if (text === null) return null;
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, "");
  return `${url.origin}${path === "" ? "/v1" : path}`;
}

export function readSettings(variables: Readonly<Record<string, unknown>>): Result<Settings, Problem> {
  const parsed = settingsSchema.safeParse(variables);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0] ?? "a setting");
    return err({
      status: 500,
      type: "server_error",
      code: "bad_setting",
      message: `The setting ${name} ${issue?.message ?? "is wrong"}.`,
      param: name,
    });
  }
  const settings = parsed.data;
  return ok({
    adminKey: settings.SETBACK_ADMIN_KEY,
    upstream: {
      url: baseUrl(settings.SETBACK_UPSTREAM_URL),
      key: settings.SETBACK_UPSTREAM_KEY,
      model: settings.SETBACK_UPSTREAM_MODEL,
      timeoutMilliseconds: settings.SETBACK_UPSTREAM_TIMEOUT_MS,
      attemptTimeoutMilliseconds: settings.SETBACK_UPSTREAM_ATTEMPT_TIMEOUT_MS ?? settings.SETBACK_UPSTREAM_TIMEOUT_MS,
      idleMilliseconds: settings.SETBACK_UPSTREAM_IDLE_TIMEOUT_MS,
      attempts: settings.SETBACK_UPSTREAM_ATTEMPTS,
    },
    policy: settings.SETBACK_POLICY,
    maxBodyBytes: settings.SETBACK_MAX_BODY_BYTES,
    releaseIntervalMilliseconds: settings.SETBACK_RELEASE_INTERVAL_SECONDS * 1000,
    normalPairsKey: settings.SETBACK_NORMAL_PAIRS,
  });
}
