// What of personal data a policy looks for. Law: strict, and every kind is found by its form, never by a guess about a name.
import { z } from "zod";

export const PII_KINDS = ["email", "phone", "card", "iban", "ip", "national_id", "birth_date"] as const;
export type PiiKind = (typeof PII_KINDS)[number];

/** ISO 3166-1 codes of the countries whose own numbers are known by form and check digit. */
export const PII_REGIONS = ["US", "CA", "GB", "DE", "FR", "ES", "IT", "NL", "PL", "BR", "IN", "CN"] as const;
export type PiiRegion = (typeof PII_REGIONS)[number];

export const piiPolicySchema = z.strictObject({
  /** empty: personal data is not looked for */
  kinds: z.array(z.enum(PII_KINDS)),
  /** whose national ids count, and whose telephone numbers count without the country's code in front */
  regions: z.array(z.enum(PII_REGIONS)),
  /** whose words of the conversation an answer may repeat: what a user wrote himself is no leak */
  may_repeat: z.array(z.enum(["system", "user", "assistant", "tool"])),
});

export type PiiPolicy = z.infer<typeof piiPolicySchema>;

export const DEFAULT_PII_POLICY: PiiPolicy = {
  kinds: [...PII_KINDS],
  regions: [...PII_REGIONS],
  may_repeat: ["user"],
};
