// The dataset card of a release (huggingface.co/docs/hub/datasets-cards), made of its manifest alone. Law: figures and versions, no
// text of anybody; what it says can be read in the manifest.
import type { Manifest } from "./release-manifest.ts";

const CONFIGS: Readonly<Record<string, string>> = {
  openai_chat: "",
  openai_dpo: ".openai_dpo",
  trl_prompt_completion: ".trl_prompt_completion",
  trl_dpo: ".trl_dpo",
  trl_kto: ".trl_kto",
};

function configLines(format: string): readonly string[] {
  const infix = CONFIGS[format] ?? `.${format}`;
  return [
    `  - config_name: ${format}`,
    "    data_files:",
    ...["train", "validation"].flatMap((split) => [
      `      - split: ${split}`,
      `        path: ["${split}${infix}.jsonl", "${split}${infix}-[0-9]*.jsonl"]`,
    ]),
  ];
}

export function datasetCard(manifest: Manifest): string {
  const { counts, formats, withheld_by_reason: withheld } = manifest;
  const rows = Object.entries(counts).map(([type, count]) => `| ${type} | ${count} |`);
  const reasons = Object.entries(withheld).map(([reason, count]) => `| ${reason} | ${count} |`);
  return [
    "---",
    "task_categories:",
    "  - text-generation",
    "configs:",
    ...formats.flatMap(configLines),
    "---",
    "",
    `# Training release ${manifest.release_id}`,
    "",
    "Examples made of a deployed model's own mistakes: it learns to judge an answer without being told that it is bad",
    "(unguided mistake analysis, arXiv 2310.10477), and how it should have answered. Normal examples keep its general ability.",
    "",
    "| type | examples |",
    "| --- | --- |",
    ...rows,
    "",
    `Analyses are ${(manifest.analyses_share * 100).toFixed(1)} % of the chat rows. Normal pairs: ${manifest.normal_pairs}.`,
    "",
    "| withheld because | examples |",
    "| --- | --- |",
    ...reasons,
    "",
    "## How to use it",
    "",
    "- Learn from the last assistant turn of a row alone; the mistaken answers stand in user turns and on rejected sides.",
    "- No prompt stands in two splits. `manifest.json` names for every row the mistake that it was made of.",
    `- Rows taken out for people who asked to be forgotten: ${manifest.erased}. Fetch a release again before training on it.`,
    "- Texts were redacted before they were stored; every target was checked by the guardrails once more.",
    "",
  ].join("\n");
}
