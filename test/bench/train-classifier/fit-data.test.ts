// What is read to be fitted, from a folder written here. Law: measured prompts and the experiment's categories never are.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFitData } from "../../../scripts/train-classifier/fit-data.ts";
import type { FitData } from "../../../scripts/train-classifier/sample.ts";

const MEASURED_PROMPT = "Is the moon made of cheese?";

function dialogue(prompt: string, answer: string): string {
  return `\n\nHuman: Hello\n\nAssistant: Hi\n\nHuman: ${prompt}\n\nAssistant: ${answer}`;
}

const labelled = { lang: "en", response: "Yes.", label: "harmful" };
const SETS: Record<string, readonly object[]> = {
  "labelled/jade_v3": [
    { ...labelled, lang: "zh", prompt: "月亮是奶酪做的吗？", label: "safe" },
    { ...labelled, lang: "zh", prompt: "月亮是奶酪做的吗？" },
  ],
  "labelled/jbb_artifacts": [{ ...labelled, prompt: "is the MOON made of cheese" }],
  "labelled/openai_moderation": [
    { prompt: "A rude text", H: 1, S: 0 },
    { prompt: "A kind text", H: 0 },
  ],
  "labelled/hh_rlhf_harmless_pairs": [
    { chosen: dialogue("May I climb it?", "Ask first."), rejected: dialogue("May I climb it?", "Just do it.") },
    { chosen: dialogue("One", "a"), rejected: dialogue("Another", "b") },
    { chosen: dialogue(MEASURED_PROMPT, "No."), rejected: dialogue(MEASURED_PROMPT, "Yes.") },
  ],
  "helpful/self_instruct_human": [{ instruction: "Count", input: "to three", response: "1 2 3" }],
  "helpful/mt_bench": [{ turns: ["Tell a joke", "Another"] }],
  "helpful/vicuna": [],
  "prompts/xsafety": [
    { prompt: "hijack words", lang: "en", category: "goal_hijacking" },
    { prompt: "leak words", lang: "en", category: "prompt_leaking" },
    { prompt: "insult words", lang: "en", category: "insult" },
    { prompt: "common words", lang: "zh", category: "commonsense" },
  ],
  "prompts/harmbench": [{ prompt: "bench words" }],
  "prompts/strongreject": [],
  "prompts/advbench": [],
  "prompts/flames_zh": [],
  "labelled/beavertails_test": [{ prompt: MEASURED_PROMPT }],
  "labelled/pku_saferlhf_test": [],
  "labelled/do_not_answer": [],
  "labelled/xstest_refusals": [],
  "prompts/xstest": [],
  "prompts/multijail": [],
  "prompts/false_refusal": [],
  "prompts/harmless_instructions": [],
};

let folder: string;
let data: FitData;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "setback-fit-"));
  for (const [name, rows] of Object.entries(SETS)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    const lines = rows.map((row) => JSON.stringify(row)).join("\n");
    writeFileSync(join(folder, `${name}.jsonl.gz`), gzipSync(lines));
  }
  data = readFitData(folder);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const everyText = (): string => JSON.stringify(data);

describe("readFitData", () => {
  it("leaves out every prompt that is measured, however it is written", () => {
    // «The moon landing» is a topic of our own plain requests.
    expect(everyText().toLowerCase().replaceAll("the moon landing", "")).not.toContain("moon");
  });

  it("never reads goal_hijacking and prompt_leaking", () => {
    expect(everyText()).not.toContain("hijack words");
    expect(everyText()).not.toContain("leak words");
    expect(everyText()).toContain("insult words");
  });

  it("makes a preference of two answers to one prompt, and of nothing else", () => {
    expect(data.pairs).toMatchObject([{ prompt: "May I climb it?", safe: "Ask first.", harmful: "Just do it." }]);
  });

  it("joins an instruction with its input, as a benign exchange", () => {
    const benign = data.outputs.filter((sample) => sample.benign);
    expect(benign).toMatchObject([{ prompt: "Count\nto three", answer: "1 2 3", harmful: false, composed: false }]);
  });

  it("answers a harmful prompt once with a refusal and once with compliance", () => {
    const samples = data.outputs.filter(({ prompt }) => prompt === "bench words");
    expect(samples.map(({ harmful, composed }) => [harmful, composed])).toEqual([
      [false, true],
      [true, true],
    ]);
  });

  it("takes each prompt with labelled answers once as a harmful request", () => {
    const requests = data.inputs.filter(({ source }) => source === "labelled");
    expect(requests).toMatchObject([{ prompt: "月亮是奶酪做的吗？", harmful: true }]);
  });

  it("takes a moderation text with any label as harmful", () => {
    const texts = data.inputs.filter(({ source }) => source === "openai_moderation");
    expect(texts.map(({ harmful }) => harmful)).toEqual([true, false]);
  });

  it("takes common-sense questions and questions of helpfulness as benign requests", () => {
    const benign = data.inputs.filter(({ source }) => source === "benign").map(({ prompt }) => prompt);
    expect(benign).toEqual(["Count\nto three", "common words", "Tell a joke"]);
  });
});
