// What the operator gives for the Worker in the environment of `npm run deploy`. Law: checked by the Worker's own reader before
// anything is made, and a secret never becomes a plain variable.
import { workerVariables, type Variables } from "../../local/launch/worker-variables.ts";
import { readSettings } from "../../src/config.ts";
import { DeployProblem } from "./deploy-problem.ts";
import { SECRETS } from "./secrets.ts";

/** The plain variables, those that stand as secrets in the Worker left out. */
export function plainVariables(environment: NodeJS.ProcessEnv, secrets: readonly string[]): Variables {
  const given = workerVariables({}, environment);
  const settings = readSettings({ ...given, ...Object.fromEntries(SECRETS.map((name) => [name, environment[name]])) });
  if (!settings.ok) throw new DeployProblem(settings.error.message);
  const hidden: readonly string[] = [...SECRETS, ...secrets];
  return Object.fromEntries(Object.entries(given).filter(([name]) => !hidden.includes(name)));
}
