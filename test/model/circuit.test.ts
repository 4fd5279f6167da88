// The circuit breaker: when it opens, whom it lets through, and what closes it again.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  admit,
  Breaker,
  closedCircuit,
  report,
  type Circuit,
  type CircuitLimits,
  type Outcome,
} from "../../src/model/circuit.ts";
import { handClock } from "../fakes/hand-clock.ts";

const LIMITS: CircuitLimits = { threshold: 3, windowMilliseconds: 1_000, coolDownMilliseconds: 500 };

function breakerAt(clock: ReturnType<typeof handClock>): {
  readonly ask: (outcome: Outcome) => boolean;
  readonly inner: Breaker;
} {
  const inner = new Breaker(clock.now, LIMITS);
  return {
    inner,
    ask: (outcome) => {
      const ticket = inner.admit();
      if (ticket !== null) inner.report(ticket, outcome);
      return ticket !== null;
    },
  };
}

describe("a breaker", () => {
  it("opens after enough failures in its window, cools down, and closes after one good probe", () => {
    const clock = handClock();
    const { ask } = breakerAt(clock);
    for (let count = 0; count < 3; count += 1) expect(ask("failed")).toBe(true);
    expect(ask("succeeded")).toBe(false);
    clock.advance(499);
    expect(ask("succeeded")).toBe(false);
    clock.advance(1);
    expect(ask("succeeded")).toBe(true);
    for (let count = 0; count < 20; count += 1) expect(ask("succeeded")).toBe(true);
  });

  it("stays open after a failed probe, and probes again", () => {
    const clock = handClock();
    const { ask } = breakerAt(clock);
    for (let count = 0; count < 3; count += 1) ask("failed");
    clock.advance(500);
    expect(ask("failed")).toBe(true);
    expect(ask("failed")).toBe(false);
    clock.advance(500);
    expect(ask("succeeded")).toBe(true);
    expect(ask("succeeded")).toBe(true);
  });

  it("lets one probe through at a time, and another when the first never reports", () => {
    const clock = handClock();
    const { ask, inner } = breakerAt(clock);
    for (let count = 0; count < 3; count += 1) ask("failed");
    clock.advance(500);
    const lost = inner.admit();
    expect(lost).not.toBeNull();
    expect(inner.admit()).toBeNull();
    clock.advance(500);
    expect(inner.admit()).not.toBeNull();
    // The lost one comes back: it speaks for a state that is gone.
    inner.report(lost ?? -1, "failed");
    expect(inner.admit()).toBeNull();
  });

  it("probes again at once when the probe's client went away", () => {
    const clock = handClock();
    const { ask } = breakerAt(clock);
    for (let count = 0; count < 3; count += 1) ask("failed");
    clock.advance(500);
    expect(ask("abandoned")).toBe(true);
    expect(ask("succeeded")).toBe(true);
  });

  it("stays closed while most go well, and forgets what is older than its window", () => {
    const clock = handClock();
    const { ask } = breakerAt(clock);
    for (let count = 0; count < 50; count += 1) {
      expect(ask("succeeded")).toBe(true);
      if (count % 2 === 0) expect(ask("failed")).toBe(true);
    }
    clock.advance(1_000);
    for (let count = 0; count < 20; count += 1) {
      expect(ask("failed")).toBe(true);
      clock.advance(500);
    }
  });

  it("never opens by clients that go away", () => {
    const { ask } = breakerAt(handClock());
    for (let count = 0; count < 100; count += 1) expect(ask("abandoned")).toBe(true);
  });
});

type Step =
  | { readonly kind: "wait"; readonly milliseconds: number }
  | { readonly kind: "ask" }
  | { readonly kind: "answer"; readonly which: number; readonly outcome: Outcome };

const steps = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ kind: fc.constant("wait"), milliseconds: fc.integer({ min: 0, max: 700 }) }),
    fc.constant({ kind: "ask" }),
    fc.record({
      kind: fc.constant("answer"),
      which: fc.nat(20),
      outcome: fc.constantFrom("succeeded", "failed", "abandoned"),
    }),
  ),
  { maxLength: 120 },
);

describe("the state machine", () => {
  it("refuses only while it rests or probes, lets no two probes in one cool-down, and always comes back", () => {
    fc.assert(
      fc.property(steps, (all) => {
        let now = 0;
        let circuit: Circuit = closedCircuit(now);
        let tickets: number[] = [];
        for (const step of all) {
          if (step.kind === "wait") now += step.milliseconds;
          else if (step.kind === "ask") {
            const before = circuit;
            const { circuit: after, ticket } = admit(before, now, LIMITS);
            circuit = after;
            if (before.kind === "closed") expect(ticket).toBe(before.generation);
            if (before.kind === "open") expect(ticket === null).toBe(now < before.until);
            if (before.kind === "half_open") expect(ticket === null).toBe(now < before.since + 500);
            if (ticket !== null) tickets = [...tickets, ticket];
          } else {
            const ticket = tickets[step.which % Math.max(tickets.length, 1)];
            if (ticket === undefined) continue;
            const before = circuit;
            circuit = report(before, ticket, step.outcome, now, LIMITS);
            // What speaks for another state changes nothing; generations only grow.
            if (ticket !== before.generation || before.kind === "open") expect(circuit).toBe(before);
            if (step.outcome === "succeeded" && before.kind === "closed") expect(circuit.kind).toBe("closed");
            expect(circuit.generation).toBeGreaterThanOrEqual(before.generation);
            if (circuit.kind === "open") expect(circuit.until).toBeLessThanOrEqual(now + 500);
          }
        }
        // However it stands, after a cool-down somebody is let through, and a good answer closes it.
        const { circuit: probing, ticket } = admit(circuit, now + 500, LIMITS);
        expect(ticket).not.toBeNull();
        expect(report(probing, ticket ?? -1, "succeeded", now + 500, LIMITS).kind).toBe("closed");
      }),
    );
  });

  it("opens only with as many failures as its threshold", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<Outcome>("succeeded", "failed", "abandoned"), { maxLength: 30 }),
        (outcomes) => {
          let circuit: Circuit = closedCircuit(0);
          let failures = 0;
          let successes = 0;
          for (const outcome of outcomes) {
            if (circuit.kind !== "closed") break;
            failures += outcome === "failed" ? 1 : 0;
            successes += outcome === "succeeded" ? 1 : 0;
            circuit = report(circuit, 0, outcome, 10, LIMITS);
            const isOpen = outcome === "failed" && failures >= 3 && failures >= successes;
            expect(circuit.kind).toBe(isOpen ? "open" : "closed");
          }
        },
      ),
    );
  });
});
