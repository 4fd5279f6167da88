// A schema's first complaint as a client's error: which field, what is wrong.
import type { z } from "zod";
import { invalidRequest, type Problem } from "../problem.ts";

/** `operator_rules[2].phrase`; null for the whole */
export function issuePath(path: readonly PropertyKey[]): string | null {
  if (path.length === 0) return null;
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

export function firstIssue(error: z.ZodError): Problem {
  const issue = error.issues[0];
  const param = issuePath(issue?.path ?? []);
  const message = issue?.message ?? "The body does not fit the schema.";
  return invalidRequest(param === null ? message : `${param}: ${message}`, param);
}
