// A judge as a policy names it, for tests. Law: asked always and decisive, so that a test says only what it is about.
import { judgeSchema, type Judge } from "../../src/policy/judge-policy.ts";

export function judgeKeys(changes: Partial<Judge> = {}): Judge {
  return judgeSchema.parse({
    type: "self_check",
    id: "judge",
    sides: ["input", "output"],
    run: "always",
    weight: "decide",
    ...changes,
  });
}
