// Changes of a test gateway's services, for `change` of createGateway.
import type { FastGuardrail } from "../../src/guardrail/guardrail.ts";
import type { AppServices } from "../../src/middleware/app-services.ts";

type Change = (services: AppServices) => AppServices;

/** These guardrails and no others. */
export function withGuardrails(...fast: readonly FastGuardrail[]): Change {
  return (services) => ({
    ...services,
    completion: { ...services.completion, guardrails: { fast, slow: [] } },
  });
}
