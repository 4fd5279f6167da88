// Port: a place that accepts what was captured. Law: it resolves only once the thing is kept; else it rejects.
import type { Captured } from "./mistake-store.ts";

export interface CaptureSink {
  readonly name: string;
  accept(captured: Captured): Promise<void>;
}
