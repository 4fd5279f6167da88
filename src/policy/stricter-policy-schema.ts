// What the header x-setback-policy may name: keys of a policy, and of actions and the classifier single lines.
// Law: strict; what belongs to a project and not to a request (`version`, `judge_budget`, `over_refusals`, `poisoning`,
// `retention_days`, `feedback`, `analysis`, `review`) is an unknown key here.
import { z } from "zod";
import { categoryLinesSchema, policySchema } from "./policy.ts";

const {
  actions: _actions,
  classifier,
  version: _version,
  judge_budget: _budget,
  over_refusals: _overRefusals,
  poisoning: _poisoning,
  retention_days: _days,
  feedback: _feedback,
  analysis: _analysis,
  review: _review,
  ...keys
} = policySchema.shape;

export const stricterPolicySchema = z
  .strictObject({
    ...keys,
    actions: z.strictObject({ input: categoryLinesSchema, output: categoryLinesSchema }).partial(),
    classifier: classifier.partial(),
  })
  .partial();
