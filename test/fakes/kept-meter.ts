// A usage meter that keeps what it was told, for tests that read it.
import type { CountedOutcome, Usage } from "../../src/access/usage.ts";
import type { UsageMeter } from "../../src/access/usage-meter.ts";

export class KeptMeter implements UsageMeter {
  readonly recorded: Usage[] = [];
  readonly outcomes: CountedOutcome[] = [];

  record(usage: Usage): void {
    this.recorded.push(usage);
  }

  count(outcome: CountedOutcome): void {
    this.outcomes.push(outcome);
  }
}
