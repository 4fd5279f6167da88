// The variables that the Worker knows (src/config.ts) and that an operator may set for `npm start`.
// Law: one list; a variable that is not here never reaches the Worker.

export const WORKER_VARIABLES = [
  "SETBACK_ADMIN_KEY",
  "SETBACK_UPSTREAM_URL",
  "SETBACK_UPSTREAM_KEY",
  "SETBACK_UPSTREAM_MODEL",
  "SETBACK_UPSTREAM_TIMEOUT_MS",
  "SETBACK_UPSTREAM_ATTEMPTS",
  "SETBACK_POLICY",
  "SETBACK_MAX_BODY_BYTES",
  "SETBACK_RELEASE_INTERVAL_SECONDS",
  "SETBACK_NORMAL_PAIRS",
  "SETBACK_REQUESTS_PER_MINUTE",
  "SETBACK_TOKENS_PER_DAY",
  "SETBACK_DOLLARS_PER_DAY",
  "SETBACK_PRICES",
  "SETBACK_ANALYSES_PER_DAY",
  "SETBACK_ANALYSES_PER_KEY_PER_DAY",
] as const;

/** Drawn at random into .dev.vars on the first start. */
export const SECRET_VARIABLES = ["SETBACK_ADMIN_KEY"] as const;

export type Variables = Readonly<Record<string, string>>;

/** Those that are set; the environment wins over .dev.vars, as for any command. An empty value is not set. */
export function workerVariables(devVars: Variables, environment: NodeJS.ProcessEnv): Variables {
  const variables: Record<string, string> = {};
  for (const name of WORKER_VARIABLES) {
    const value = environment[name] ?? devVars[name] ?? "";
    if (value !== "") variables[name] = value;
  }
  return variables;
}
