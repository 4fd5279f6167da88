// The variables that the Worker knows (src/config.ts) and that an operator may set for `npm start`.
// Law: one list and one prefix; a variable that is not here never reaches the Worker.

export const WORKER_VARIABLES = [
  "SETBACK_ADMIN_KEY",
  "SETBACK_UPSTREAM_URL",
  "SETBACK_UPSTREAM_KEY",
  "SETBACK_UPSTREAM_MODEL",
  "SETBACK_ENCRYPTION_KEY",
  "SETBACK_ENCRYPTION_KEY_PREVIOUS",
  "SETBACK_SUBJECT_KEYS",
  "SETBACK_UPSTREAM_TIMEOUT_MS",
  "SETBACK_UPSTREAM_ATTEMPT_TIMEOUT_MS",
  "SETBACK_UPSTREAM_IDLE_TIMEOUT_MS",
  "SETBACK_UPSTREAM_ATTEMPTS",
  "SETBACK_POLICY",
  "SETBACK_MAX_BODY_BYTES",
  "SETBACK_RELEASE_INTERVAL_SECONDS",
  "SETBACK_NORMAL_PAIRS",
  "SETBACK_RELEASE_WEBHOOK",
  "SETBACK_RELEASE_WEBHOOK_SECRET",
  "SETBACK_REQUESTS_PER_MINUTE",
  "SETBACK_TOKENS_PER_DAY",
  "SETBACK_DOLLARS_PER_DAY",
  "SETBACK_PRICES",
  "SETBACK_DATABASE_BYTES_LIMIT",
  "SETBACK_ARCHIVE_AFTER_DAYS",
  "SETBACK_ANALYSES_PER_DAY",
  "SETBACK_ANALYSES_PER_KEY_PER_DAY",
] as const;

/** Credentials of upstreams, under whatever names the operator gave them. */
const UPSTREAM_SECRET_PREFIX = "SETBACK_UPSTREAM_KEY_";

/** Drawn at random into .dev.vars on the first start. */
export const SECRET_VARIABLES = ["SETBACK_ADMIN_KEY", "SETBACK_ENCRYPTION_KEY", "SETBACK_SUBJECT_KEYS"] as const;

export type Variables = Readonly<Record<string, string>>;

/** Those that are set; the environment wins over .dev.vars, as for any command. An empty value is not set. */
export function workerVariables(devVars: Variables, environment: NodeJS.ProcessEnv): Variables {
  const variables: Record<string, string> = {};
  const given = [...Object.keys(devVars), ...Object.keys(environment)];
  const upstreamSecrets = given.filter((name) => name.startsWith(UPSTREAM_SECRET_PREFIX));
  for (const name of [...WORKER_VARIABLES, ...upstreamSecrets]) {
    const value = environment[name] ?? devVars[name] ?? "";
    if (value !== "") variables[name] = value;
  }
  return variables;
}
