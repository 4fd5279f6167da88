// Sums of usage and outcomes by minute, in memory. Law: bounded — when it is full, what has no row yet is dropped and counted.
import { dayOf, minuteOf } from "../lib/utc-day.ts";
import type { PriceOf } from "./price-list.ts";
import type { CountedTrial, TrialCount } from "./trial.ts";
import { addSpent, NOTHING_SPENT, type CountedOutcome, type OutcomeMinute, type Spent, type Usage } from "./usage.ts";
import type { UsageMinute } from "./usage.ts";

/** Longer names are cut: a client chooses a model's name, and a row should not be its storage. */
const MOST_MODEL_CHARACTERS = 100;

export interface Tallied {
  readonly usage: readonly UsageMinute[];
  readonly outcomes: readonly OutcomeMinute[];
  readonly trials: readonly TrialCount[];
  readonly dropped: number;
}

export function spentKey(keyId: string, day: number): string {
  return `${keyId} ${day}`;
}

/** Upstreams report what they like; a count is a whole number of at least 0. */
function wholeNumber(value: number): number {
  return Number.isFinite(value) && value > 0 ? Math.ceil(value) : 0;
}

export class UsageTally {
  readonly #capacity: number;
  readonly #priceOf: PriceOf;
  readonly #nameOf: (model: string) => string;
  #usage = new Map<string, UsageMinute>();
  #outcomes = new Map<string, OutcomeMinute>();
  #trials = new Map<string, TrialCount>();
  #spent = new Map<string, Spent>();
  #dropped = 0;

  /** @param nameOf what a model is called where counts are kept: a client or an upstream wrote its name */
  constructor(capacity: number, priceOf: PriceOf, nameOf: (model: string) => string) {
    this.#capacity = capacity;
    this.#priceOf = priceOf;
    this.#nameOf = nameOf;
  }

  get rows(): number {
    return this.#usage.size + this.#outcomes.size + this.#trials.size;
  }

  addUsage(usage: Usage, now: number): void {
    const { projectId, keyId, purpose } = usage;
    const asked = usage.model.slice(0, MOST_MODEL_CHARACTERS).toWellFormed();
    const model = this.#nameOf(asked);
    const promptTokens = wholeNumber(usage.promptTokens);
    const completionTokens = wholeNumber(usage.completionTokens);
    const minute = minuteOf(now);
    const key = JSON.stringify([projectId, keyId, purpose, model, minute]);
    const row = this.#usage.get(key);
    if (row === undefined && this.rows >= this.#capacity) {
      this.#dropped += 1;
      return;
    }
    const microDollars = this.#priceOf({ model: asked, promptTokens, completionTokens });
    this.#usage.set(key, {
      ...{ projectId, keyId, purpose, model, minute },
      calls: (row?.calls ?? 0) + 1,
      promptTokens: (row?.promptTokens ?? 0) + promptTokens,
      completionTokens: (row?.completionTokens ?? 0) + completionTokens,
      microDollars: (row?.microDollars ?? 0) + microDollars,
    });
    const spentBy = spentKey(keyId, dayOf(now));
    const tokens = promptTokens + completionTokens;
    this.#spent.set(spentBy, addSpent(this.#spent.get(spentBy) ?? NOTHING_SPENT, { tokens, microDollars }));
  }

  addOutcome({ projectId, keyId, outcome }: CountedOutcome, now: number): void {
    const minute = minuteOf(now);
    const key = `${projectId} ${keyId} ${outcome} ${minute}`;
    const row = this.#outcomes.get(key);
    if (row === undefined && this.rows >= this.#capacity) {
      this.#dropped += 1;
      return;
    }
    this.#outcomes.set(key, { projectId, keyId, outcome, minute, count: (row?.count ?? 0) + 1 });
  }

  addTrial(counted: CountedTrial): void {
    const key = `${counted.candidateId} ${counted.arm} ${counted.outcome}`;
    const row = this.#trials.get(key);
    if (row === undefined && this.rows >= this.#capacity) {
      this.#dropped += 1;
      return;
    }
    this.#trials.set(key, { ...counted, count: (row?.count ?? 0) + 1 });
  }

  spentBy(keyId: string, day: number): Spent {
    return this.#spent.get(spentKey(keyId, day)) ?? NOTHING_SPENT;
  }

  /** Everything, which is then forgotten. */
  take(): Tallied {
    const taken = {
      usage: [...this.#usage.values()],
      outcomes: [...this.#outcomes.values()],
      trials: [...this.#trials.values()],
      dropped: this.#dropped,
    };
    this.#usage = new Map();
    this.#outcomes = new Map();
    this.#trials = new Map();
    this.#spent = new Map();
    this.#dropped = 0;
    return taken;
  }
}
