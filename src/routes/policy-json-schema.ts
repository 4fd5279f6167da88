// The policy's JSON Schema, of the very schema that reads it: what POST /v1/policies takes beside a name.
import { z } from "zod";
import { policySchema } from "../policy/policy.ts";

/** No key is required: what is left out is the default policy's. The version is the gateway's to give. */
export function policyJsonSchema(): Readonly<Record<string, unknown>> {
  const { version: _version, ...keys } = policySchema.shape;
  const schema = z.toJSONSchema(z.strictObject(keys).partial(), { io: "input", unrepresentable: "any" });
  return { ...schema, title: "Policy of a Setback project" };
}
