// Whether anything of a request may be stored: the policy, the key and the request each have a say. Law: the narrowest one wins;
// nothing that a request says opens what its key or its policy closed.
import type { KeyConsent } from "../access/key.ts";
import type { Policy } from "./policy.ts";

/** `request` is OpenAI's field `store`. */
export function mayStore(
  { store, consent }: Pick<Policy, "store" | "consent">,
  key: KeyConsent | null,
  request: boolean | null | undefined,
): boolean {
  if (!store || key === "never" || request === false) return false;
  return request === true || (consent === "opt_out" && key !== "opt_in");
}
