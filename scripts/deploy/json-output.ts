// Reads JSON that wrangler printed. Law: what does not fit the schema is a problem with the command's name, never a guess.
import type { z } from "zod";
import { DeployProblem } from "./deploy-problem.ts";
import type { Ran } from "./wrangler.ts";

export function readJsonOutput<Schema extends z.ZodType>(schema: Schema, ran: Ran, command: string): z.infer<Schema> {
  const parsed = schema.safeParse(jsonOf(ran.stdout));
  if (parsed.success) return parsed.data;
  throw new DeployProblem(
    `wrangler ${command} printed something else than expected; the versions of package-lock.json fit each other (npm ci).`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
