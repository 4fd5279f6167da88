// The test-only switch that turns one part of Setback off (SETBACK_MUTATION), so that a named check must go red.
// Law: it works on the services a test has made; nothing in src knows it.
import type { AppServices } from "../../src/middleware/app-services.ts";

export const MUTATIONS = ["guardrails", "guidance", "capture", "analysis"] as const;

export function mutate(services: AppServices, mutation: string): AppServices {
  const { completion, analysis } = services;
  switch (mutation) {
    case "":
      return services;
    case "guardrails":
      return { ...services, completion: { ...completion, guardrails: { fast: [], slow: [] } } };
    case "guidance":
      return { ...services, completion: { ...completion, guide: (request) => ({ request, guidance: null }) } };
    case "capture": {
      const capture = {
        mistake: async () => await Promise.resolve(null),
        attack: async () => await Promise.resolve(null),
      };
      return { ...services, completion: { ...completion, capture } };
    }
    case "analysis": {
      const mistakes = {
        get: analysis.mistakes.get.bind(analysis.mistakes),
        addAnalysis: async () => {
          await Promise.resolve();
        },
      };
      return { ...services, analysis: { ...analysis, mistakes } };
    }
    default:
      throw new Error(`SETBACK_MUTATION is "${mutation}"; it can be ${MUTATIONS.join(", ")}`);
  }
}
