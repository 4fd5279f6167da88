// What the edge classifier is fitted on. Law: every sample names its source, so that weights and licences can be told apart, and
// its part, which is settled once, where it is read.
import type { Part } from "./split.ts";

interface Sample {
  readonly source: string;
  /** its attack family; `null`: asked outright, or no attack at all */
  readonly family: string | null;
  readonly part: Part;
}

export interface OutputSample extends Sample {
  readonly prompt: string;
  readonly answer: string;
  readonly harmful: boolean;
  readonly weight: number;
  /** composed of a prompt and a stock answer of ours: fitted, but never calibrated on or tested with */
  readonly composed: boolean;
  /** an ordinary exchange with an ordinary answer: the false-positive threshold comes from these */
  readonly benign: boolean;
}

/** Two answers to one prompt, of which people preferred the safe one. */
export interface PreferencePair extends Sample {
  readonly prompt: string;
  readonly safe: string;
  readonly harmful: string;
  readonly weight: number;
}

/** A prompt alone, for the input side. */
export interface InputSample extends Sample {
  readonly prompt: string;
  readonly harmful: boolean;
  readonly weight: number;
  /** an ordinary request that people wrote: the thresholds come from these */
  readonly benign: boolean;
}

export interface FitData {
  readonly outputs: readonly OutputSample[];
  readonly pairs: readonly PreferencePair[];
  readonly inputs: readonly InputSample[];
}
