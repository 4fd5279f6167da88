// A release: an immutable set of training files made of confirmed, analysed mistakes and normal pairs (stage 3's data).

import type { Category } from "../policy/category.ts";
import type { MistakeKind, MistakeSource } from "../policy/mistake-names.ts";

export const RELEASE_STATUSES = ["building", "ready", "failed"] as const;
export type ReleaseStatus = (typeof RELEASE_STATUSES)[number];

/** `openai_chat` is what a release holds where nobody asks for anything else. */
export const RELEASE_FORMATS = ["openai_chat", "openai_dpo", "trl_prompt_completion", "trl_dpo", "trl_kto"] as const;
export type ReleaseFormat = (typeof RELEASE_FORMATS)[number];

export const SPLITS = ["train", "validation"] as const;
export type Split = (typeof SPLITS)[number];

export interface ReleaseFile {
  /** as release-file-name.ts makes them */
  readonly name: string;
  readonly bytes: number;
  /** lower-case hexadecimal */
  readonly sha256: string;
  readonly rows: number;
  /** where it lies, if not where its release says: null is where it was made */
  readonly revision?: string | null;
}

/** Examples by type; those types that few releases have are missing where there are none. */
export interface ReleaseCounts {
  readonly analysis: number;
  readonly normal: number;
  readonly correction?: number;
  readonly preference?: number;
}

/** What never enters a release, so that it can be measured on afterwards. */
export interface Holdout {
  readonly categories: readonly Category[];
  readonly kinds: readonly MistakeKind[];
  readonly sources: readonly MistakeSource[];
  /** ids of induction's techniques */
  readonly techniques: readonly string[];
  /** words or phrases: a mistake whose conversation has one is about that topic */
  readonly topics: readonly string[];
}

/** What a release is asked to be. The same of everything gives the same bytes. */
export interface ReleaseOptions {
  readonly formats: readonly ReleaseFormat[];
  /** of the order of rows and of the split */
  readonly seed: number;
  /** one example for each cluster of near duplicates, or one for each mistake */
  readonly clusters: "one" | "all";
  /** at most this share of the chat rows are analyses, as long as there are enough normal ones */
  readonly analysesShare: number;
  /** how often an example of that source is in it: 0.5 is every other mistake, 2 is each twice; 1 unless named */
  readonly weights: Readonly<Partial<Record<MistakeSource, number>>>;
  readonly holdout: Holdout;
}

/** Safety-Tuned LLaMAs (arXiv 2309.07875): more safety data, more over-refusal. */
export const MOST_ANALYSES_SHARE = 0.3;

export const NO_HOLDOUT: Holdout = { categories: [], kinds: [], sources: [], techniques: [], topics: [] };

export const DEFAULT_RELEASE_OPTIONS: ReleaseOptions = {
  formats: ["openai_chat"],
  seed: 0,
  clusters: "one",
  analysesShare: MOST_ANALYSES_SHARE,
  weights: {},
  holdout: NO_HOLDOUT,
};

export interface Release {
  readonly id: string;
  readonly projectId: string;
  readonly status: ReleaseStatus;
  readonly trigger: "request" | "schedule";
  readonly includeReleased: boolean;
  readonly options: ReleaseOptions;
  readonly counts: ReleaseCounts;
  readonly files: readonly ReleaseFile[];
  /** why it failed; null otherwise */
  readonly failure: string | null;
  /** names the files that count now; null: those that it was made with */
  readonly revision: string | null;
  /** examples that erasures took out */
  readonly erased: number;
  readonly createdAt: number;
  readonly readyAt: number | null;
  /** when `train.jsonl` was first fetched with a key; null until then */
  readonly collectedAt: number | null;
}
