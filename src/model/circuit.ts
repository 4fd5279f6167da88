// A circuit breaker: an upstream that keeps failing is left alone for a while, then asked by one request alone.
// Law: pure, given the time; what a request reports counts only for the state in which it was let through.
import type { Clock } from "../lib/clock.ts";

export interface CircuitLimits {
  /** how many failures open it, if they are also half of what was asked */
  readonly threshold: number;
  /** the time in which they are counted */
  readonly windowMilliseconds: number;
  /** how long it stays open, and how long a probe may take before another is let through */
  readonly coolDownMilliseconds: number;
}

export type Circuit = { readonly generation: number } & (
  | { readonly kind: "closed"; readonly since: number; readonly successes: number; readonly failures: number }
  | { readonly kind: "open"; readonly until: number }
  | { readonly kind: "half_open"; readonly since: number }
);

/** «abandoned»: the client went away, which says nothing of the upstream. */
export type Outcome = "succeeded" | "failed" | "abandoned";

export interface Admission {
  readonly circuit: Circuit;
  /** to report with; null: not let through */
  readonly ticket: number | null;
}

export const CIRCUIT_LIMITS: CircuitLimits = { threshold: 5, windowMilliseconds: 30_000, coolDownMilliseconds: 15_000 };

export function closedCircuit(now: number, generation = 0): Circuit {
  return { kind: "closed", generation, since: now, successes: 0, failures: 0 };
}

export function admit(circuit: Circuit, now: number, limits: CircuitLimits): Admission {
  if (circuit.kind === "closed") return { circuit, ticket: circuit.generation };
  const probesFrom = circuit.kind === "open" ? circuit.until : circuit.since + limits.coolDownMilliseconds;
  if (now < probesFrom) return { circuit, ticket: null };
  const generation = circuit.generation + 1;
  return { circuit: { kind: "half_open", generation, since: now }, ticket: generation };
}

export function report(
  circuit: Circuit,
  ticket: number,
  outcome: Outcome,
  now: number,
  limits: CircuitLimits,
): Circuit {
  if (ticket !== circuit.generation || circuit.kind === "open") return circuit;
  const generation = circuit.generation + 1;
  if (circuit.kind === "half_open") {
    if (outcome === "succeeded") return closedCircuit(now, generation);
    return { kind: "open", generation, until: outcome === "failed" ? now + limits.coolDownMilliseconds : now };
  }
  if (outcome === "abandoned") return circuit;
  const isOver = now - circuit.since >= limits.windowMilliseconds;
  const counted = isOver ? { ...circuit, since: now, successes: 0, failures: 0 } : circuit;
  const successes = counted.successes + (outcome === "succeeded" ? 1 : 0);
  const failures = counted.failures + (outcome === "failed" ? 1 : 0);
  if (failures >= limits.threshold && failures >= successes) {
    return { kind: "open", generation, until: now + limits.coolDownMilliseconds };
  }
  return { ...counted, successes, failures };
}

/** The circuit of one upstream in one isolate. */
export class Breaker {
  #circuit: Circuit;
  readonly #clock: Clock;
  readonly #limits: CircuitLimits;

  constructor(clock: Clock, limits: CircuitLimits = CIRCUIT_LIMITS) {
    this.#circuit = closedCircuit(clock());
    this.#clock = clock;
    this.#limits = limits;
  }

  /** null: leave the upstream alone. */
  admit(): number | null {
    const { circuit, ticket } = admit(this.#circuit, this.#clock(), this.#limits);
    this.#circuit = circuit;
    return ticket;
  }

  report(ticket: number, outcome: Outcome): void {
    this.#circuit = report(this.#circuit, ticket, outcome, this.#clock(), this.#limits);
  }
}
