// The test-only switch that turns one part of Setback off (SETBACK_MUTATION), so that a named check must go red.
// Law: it works on the services a test has made; nothing in src knows it.
import type { FastGuardrail } from "../../src/guardrail/guardrail.ts";
import { judged } from "../../src/guardrail/verdicts.ts";
import type { AppServices } from "../../src/middleware/app-services.ts";
import { SOURCE_MUTATIONS } from "./source-mutations.ts";

export const MUTATIONS = [
  ...["guardrails", "guidance", "capture", "analysis"],
  ...["hold_back", "tail", "end_check"],
  ...SOURCE_MUTATIONS,
];

/** Every fast guardrail changed in the same way. */
function withFast(services: AppServices, change: (guardrail: FastGuardrail) => FastGuardrail): AppServices {
  const { completion } = services;
  const guardrails = { ...completion.guardrails, fast: completion.guardrails.fast.map(change) };
  return { ...services, completion: { ...completion, guardrails } };
}

/** What of a piece is new, behind what the piece before it ended with. */
function newPart(piece: string, before: string): string {
  let overlap = Math.min(piece.length, before.length);
  while (!before.endsWith(piece.slice(0, overlap))) overlap -= 1;
  return piece.slice(overlap);
}

export function mutate(services: AppServices, mutation: string): AppServices {
  if (SOURCE_MUTATIONS.includes(mutation)) return services;
  const { completion, analysis } = services;
  switch (mutation) {
    case "":
      return services;
    case "guardrails":
      return { ...services, completion: { ...completion, guardrails: { fast: [], slow: [] } } };
    case "guidance":
      return { ...services, completion: { ...completion, guide: (request) => ({ request, guidance: null }) } };
    case "hold_back":
      // Found is what is whole; nothing is held that may become it.
      return withFast(services, (guardrail) => ({
        ...guardrail,
        glimpse: (piece, exchange) => ({
          findings: guardrail.glimpse?.(piece, exchange).findings ?? [],
          openFrom: piece.text.length,
        }),
      }));
    case "tail":
      // Each piece is read by itself, without the end of what came before.
      return withFast(services, (guardrail) => {
        let before = "";
        return {
          ...guardrail,
          glimpse: (piece, exchange) => {
            const text = newPart(piece.text, before);
            before = piece.text;
            const glimpse = guardrail.glimpse?.({ ...piece, text }, exchange);
            return { findings: [], openFrom: piece.text.length - text.length + (glimpse?.openFrom ?? text.length) };
          },
        };
      });
    case "end_check":
      // Streams are read while they come and not once more at their end.
      return withFast(services, (guardrail) => ({
        ...guardrail,
        check: (exchange, side) => (side === "output" ? judged(guardrail, side, []) : guardrail.check(exchange, side)),
      }));
    case "capture": {
      const capture = {
        mistake: async () => await Promise.resolve(null),
        attack: async () => await Promise.resolve(null),
        exchange: async () => await Promise.resolve(null),
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
