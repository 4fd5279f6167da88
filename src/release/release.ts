// A release: an immutable set of training files made of confirmed, analysed mistakes and normal pairs (stage 3's data).

export const RELEASE_STATUSES = ["building", "ready", "failed"] as const;
export type ReleaseStatus = (typeof RELEASE_STATUSES)[number];

export const RELEASE_FILE_NAMES = ["train.jsonl", "validation.jsonl", "manifest.json"] as const;
export type ReleaseFileName = (typeof RELEASE_FILE_NAMES)[number];

export interface ReleaseFile {
  readonly name: ReleaseFileName;
  readonly bytes: number;
  /** lower-case hexadecimal */
  readonly sha256: string;
  readonly rows: number;
}

export interface ReleaseCounts {
  readonly analysis: number;
  readonly normal: number;
}

export interface Release {
  readonly id: string;
  readonly projectId: string;
  readonly status: ReleaseStatus;
  readonly trigger: "request" | "schedule";
  readonly includeReleased: boolean;
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
