// What is wrong with a policy, each fault with its path. Law: a bad policy is refused whole, and every fault is told at once.
import type { z } from "zod";
import { invalidRequest, type Problem } from "../problem.ts";
import { issuePath } from "../wire/first-issue.ts";

export interface PolicyFault {
  /** for example `operator_rules[2].expression`; empty for the whole */
  readonly path: string;
  readonly message: string;
}

/** With its faults, for whoever says them in another place. */
export interface PolicyProblem extends Problem {
  readonly faults: readonly PolicyFault[];
}

/** More would help nobody. */
const MOST_FAULTS = 50;

export function faultsOf(error: z.ZodError): readonly PolicyFault[] {
  return error.issues.flatMap((issue): PolicyFault[] => {
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
    if (keys.length === 0) return [{ path: issuePath(issue.path) ?? "", message: issue.message }];
    // Zod names the object that has an unknown key; the operator looks for the key.
    return keys.map((key) => ({ path: issuePath([...issue.path, key]) ?? "", message: "is no key of a policy" }));
  });
}

function sentence({ path, message }: PolicyFault): string {
  return path === "" ? message : `${path}: ${message}`;
}

/** @param place what the paths begin in: a setting or a header; empty for a body */
export function policyProblem(faults: readonly PolicyFault[], place = "", advice = ""): PolicyProblem {
  const told = faults.slice(0, MOST_FAULTS);
  const [first] = told;
  const start = place === "" ? "" : `${place}: `;
  const message = `${start}${told.map(sentence).join("; ")}${advice === "" ? "" : ` ${advice}`}`;
  const param = first === undefined || first.path === "" ? null : first.path;
  return {
    ...invalidRequest(message, param ?? (place === "" ? null : place), "invalid_policy"),
    details: { faults: told },
    faults,
  };
}
