// The settings, parsed once from the Worker's variables and secrets. Law: a bad setting is a clear problem, never a default.
import { z } from "zod";
import { baseUrl, isBaseUrl } from "./lib/base-url.ts";
import { err, ok, type Result } from "./lib/result.ts";
import { type Problem } from "./problem.ts";
import { dollarsPerDaySchema, requestRateSchema, tokensPerDaySchema } from "./wire/key-limits.ts";

const MEBIBYTE = 1024 * 1024;
const WEEK_SECONDS = 7 * 24 * 60 * 60;

const count = (fallback: number, least: number, most: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().min(least).max(most).default(fallback);

const optionalText = z
  .string()
  .optional()
  .transform((text) => (text === undefined || text.trim() === "" ? null : text.trim()));

const secret = optionalText.refine((text) => text === null || text.length >= 24, {
  message: "is too short: use at least 24 random characters",
});

const secretList = optionalText
  .transform((text) => (text ?? "").split(",").map((each) => each.trim()))
  .transform((texts) => texts.filter((text) => text !== ""))
  .refine((texts) => texts.every((text) => text.length >= 24), {
    message: "has a key that is too short: use at least 24 random characters for each, with commas between them",
  });

/** An optional number, which the wire's schema judges. */
const optionalNumber = (schema: z.ZodType<number, number>): z.ZodType<number | null> =>
  optionalText.transform((text) => (text === null ? null : Number(text))).pipe(schema.nullable());

const price = z.number().min(0).max(1_000_000);
/** Dollars per million tokens, by model; "*" is every other model. */
const pricesSchema = z.record(z.string().min(1), z.strictObject({ input: price, output: price }));

const prices = optionalText.transform((text, context) => {
  try {
    return pricesSchema.parse(JSON.parse(text ?? "{}"));
  } catch {
    context.addIssue({ code: "custom", message: 'is not JSON such as {"MODEL": {"input": 0.15, "output": 0.6}}' });
    return z.NEVER;
  }
});

const settingsSchema = z.object({
  /** the first key: every scope, in the default project */
  SETBACK_ADMIN_KEY: secret,
  /** seals the keys of upstreams */
  SETBACK_ENCRYPTION_KEY: secret,
  /** the one before it: what it sealed can still be opened */
  SETBACK_ENCRYPTION_KEY_PREVIOUS: secret,
  /** signs the ids of end users: newest first, with commas between them */
  SETBACK_SUBJECT_KEYS: secretList,
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
  /** told when a release is ready or failed, signed with the secret (standardwebhooks.com) */
  SETBACK_RELEASE_WEBHOOK: optionalText.refine((url) => url === null || isBaseUrl(url), {
    message: "is no http(s) address without credentials and query",
  }),
  SETBACK_RELEASE_WEBHOOK_SECRET: secret,
  SETBACK_REQUESTS_PER_MINUTE: optionalNumber(requestRateSchema),
  SETBACK_TOKENS_PER_DAY: optionalNumber(tokensPerDaySchema),
  SETBACK_DOLLARS_PER_DAY: optionalNumber(dollarsPerDaySchema),
  SETBACK_PRICES: prices,
  /** of D1: 10 GB on the paid plan, 500 MB on the free one (developers.cloudflare.com/d1/platform/limits) */
  SETBACK_DATABASE_BYTES_LIMIT: count(10_000_000_000, 1_000_000, 1_000_000_000_000),
  SETBACK_ARCHIVE_AFTER_DAYS: count(30, 0, 3_650),
  SETBACK_ANALYSES_PER_DAY: count(1_000, 0, 1_000_000),
  SETBACK_ANALYSES_PER_KEY_PER_DAY: count(200, 0, 1_000_000),
});

export interface Settings {
  readonly adminKey: string | null;
  /** the first one seals, all of them open */
  readonly encryptionKeys: readonly string[];
  /**
   * The first one signs the ids of end users, all of them are searched. Other secrets stand in where no such key is set, and are
   * searched for good, since they may have stood in before.
   */
  readonly subjectKeys: readonly string[];
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
  /** null: nobody is told */
  readonly releaseWebhook: { readonly url: string; readonly secret: string } | null;
  /** signs addresses of files; null where there is no secret at all */
  readonly pathSecret: string | null;
  /** for keys that have none of their own */
  readonly defaultLimits: {
    readonly requestsPerMinute: number | null;
    readonly tokensPerDay: number | null;
    readonly microDollarsPerDay: number | null;
  };
  readonly prices: z.infer<typeof pricesSchema>;
  readonly databaseBytesLimit: number;
  /** so long after its release a mistake's text stays in the database */
  readonly archiveAfterDays: number;
  readonly analysesPerDay: { readonly project: number; readonly key: number };
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
  const { SETBACK_RELEASE_WEBHOOK: webhookUrl, SETBACK_RELEASE_WEBHOOK_SECRET: webhookSecret } = settings;
  if ((webhookUrl === null) !== (webhookSecret === null)) {
    return err({
      status: 500,
      type: "server_error",
      code: "bad_setting",
      message: "SETBACK_RELEASE_WEBHOOK and SETBACK_RELEASE_WEBHOOK_SECRET need each other.",
      param: "SETBACK_RELEASE_WEBHOOK",
    });
  }
  const dollars = settings.SETBACK_DOLLARS_PER_DAY;
  const encryptionKeys = [settings.SETBACK_ENCRYPTION_KEY, settings.SETBACK_ENCRYPTION_KEY_PREVIOUS].filter(
    (key) => key !== null,
  );
  return ok({
    adminKey: settings.SETBACK_ADMIN_KEY,
    encryptionKeys,
    subjectKeys: [
      ...settings.SETBACK_SUBJECT_KEYS,
      ...encryptionKeys,
      ...(settings.SETBACK_ADMIN_KEY === null ? [] : [settings.SETBACK_ADMIN_KEY]),
    ],
    upstream: {
      url: settings.SETBACK_UPSTREAM_URL === null ? null : baseUrl(settings.SETBACK_UPSTREAM_URL),
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
    releaseWebhook: webhookUrl === null || webhookSecret === null ? null : { url: webhookUrl, secret: webhookSecret },
    pathSecret: encryptionKeys[0] ?? settings.SETBACK_ADMIN_KEY,
    defaultLimits: {
      requestsPerMinute: settings.SETBACK_REQUESTS_PER_MINUTE,
      tokensPerDay: settings.SETBACK_TOKENS_PER_DAY,
      microDollarsPerDay: dollars === null ? null : Math.round(dollars * 1_000_000),
    },
    prices: settings.SETBACK_PRICES,
    databaseBytesLimit: settings.SETBACK_DATABASE_BYTES_LIMIT,
    archiveAfterDays: settings.SETBACK_ARCHIVE_AFTER_DAYS,
    analysesPerDay: { project: settings.SETBACK_ANALYSES_PER_DAY, key: settings.SETBACK_ANALYSES_PER_KEY_PER_DAY },
  });
}
