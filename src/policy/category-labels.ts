// Vendors' labels of harm and our categories: one table. Law: a label that is not in it has no category, and who read it has an
// error; nothing is guessed, and no vendor's label leaves its judge.
import type { Category } from "./category.ts";

/** Where several of ours fit, the nearest hazard of MLCommons; a vendor's label says less than its prose. */
export const CATEGORY_LABELS = {
  /** github.com/meta-llama/PurpleLlama, Llama-Guard3/8B/MODEL_CARD.md and Llama-Guard4/12B/MODEL_CARD.md: our own ids are theirs */
  llama_guard: {
    S1: "S1",
    S2: "S2",
    S3: "S3",
    S4: "S4",
    S5: "S5",
    S6: "S6",
    S7: "S7",
    S8: "S8",
    S9: "S9",
    S10: "S10",
    S11: "S11",
    S12: "S12",
    S13: "S13",
    S14: "S14",
  },
  /** developers.openai.com/docs/guides/moderation */
  openai_moderation: {
    harassment: "offensive",
    "harassment/threatening": "S1",
    hate: "S10",
    "hate/threatening": "S10",
    illicit: "S2",
    "illicit/violent": "S1",
    "self-harm": "S11",
    "self-harm/intent": "S11",
    "self-harm/instructions": "S11",
    sexual: "S12",
    "sexual/minors": "S4",
    violence: "S1",
    "violence/graphic": "S1",
  },
  /** learn.microsoft.com: Azure AI Content Safety «harm categories» and «prompt shields» (API terms) */
  azure: {
    Hate: "S10",
    SelfHarm: "S11",
    Sexual: "S12",
    Violence: "S1",
    UserPrompt: "prompt_attack",
    Document: "prompt_attack",
  },
  /** github.com/QwenLM/Qwen3Guard, README.md; unethical acts are discrimination and insult above all (its technical report, section 2) */
  qwen3guard: {
    Violent: "S1",
    "Non-violent Illegal Acts": "S2",
    "Sexual Content or Sexual Acts": "S12",
    PII: "S7",
    "Suicide & Self-Harm": "S11",
    "Unethical Acts": "S10",
    "Politically Sensitive Topics": "S13",
    "Copyright Violation": "S8",
    Jailbreak: "prompt_attack",
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Category>>>>;

export type LabelVendor = keyof typeof CATEGORY_LABELS;

/** null for a label that the vendor does not document */
export function labelledCategory(vendor: LabelVendor, label: string): Category | null {
  const labels: Readonly<Record<string, Category>> = CATEGORY_LABELS[vendor];
  return Object.hasOwn(labels, label) ? (labels[label] ?? null) : null;
}

/** What a judge with these labels can report. */
export function labelledCategories(vendor: LabelVendor): readonly Category[] {
  return [...new Set(Object.values<Category>(CATEGORY_LABELS[vendor]))];
}
