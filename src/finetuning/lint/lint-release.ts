// Reads the files of a release, or of one part of it, as a trainer would, and says what must not be learnt from them. Law: pure; it
// trusts nothing that building has promised: every row is read back, every target checked by the guardrails once more.
import type { FastGuardrail } from "../../guardrail/guardrail.ts";
import { isRefusal } from "../../guardrail/refusal/read-refusal.ts";
import { runFastGuardrails } from "../../guardrail/run-guardrails.ts";
import { parseJson } from "../../lib/parse-json.ts";
import { OVER_REFUSAL } from "../../policy/category.ts";
import { readDataFileName, type DataFile } from "../../release/release-file-name.ts";
import type { Split } from "../../release/release.ts";
import type { ReadRow } from "../formats/format-writer.ts";
import { RELEASE_FORMAT_WRITERS } from "../formats/release-formats.ts";
import { saysHint } from "../hint-sentences.ts";
import { tellsPrivate } from "../private-text.ts";
import type { LineageEntry } from "../release-lineage.ts";
import { promptKeyOf } from "../training-example.ts";
import { MOST_FAULTS, type LintFault, type LintFaultName, type LintReport } from "./lint-faults.ts";

export interface LintInputs {
  /** with rows, by name; others are passed over */
  readonly files: ReadonlyMap<string, string>;
  readonly lineage: readonly LineageEntry[];
  readonly guardrails: readonly FastGuardrail[];
  /** whether somebody has looked at the mistake, or the policy does without */
  readonly isReviewed: (mistakeId: string) => boolean;
  /** whether a text speaks of what was to be held out */
  readonly isHeldOutText: (text: string) => boolean;
  /** of prompts, where something beyond these files says in which split they are */
  readonly splitOf?: (mark: string) => Split | null;
  /** whether a prompt was refused in error */
  readonly wasRefusedInError?: (promptKey: string) => boolean;
}

class Linting {
  readonly #inputs: LintInputs;
  readonly #faults: LintFault[] = [];
  readonly #output: readonly FastGuardrail[];
  /** the split in which a prompt was seen, by its mark in the lineage and by its text */
  readonly #splits = new Map<string, Split>();
  /** targets that were checked: every format repeats them */
  readonly #checked = new Map<string, LintFaultName | null>();
  #found = 0;
  #rows = 0;

  constructor(inputs: LintInputs) {
    this.#inputs = inputs;
    this.#output = inputs.guardrails.filter(({ sides }) => sides.includes("output"));
  }

  report(): LintReport {
    return { rows: this.#rows, found: this.#found, faults: this.#faults };
  }

  file(name: string, data: DataFile, text: string): void {
    const { types, read } = RELEASE_FORMAT_WRITERS[data.format];
    const entries = this.#inputs.lineage.filter(({ split, type }) => split === data.split && types.includes(type));
    const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
    if (lines.length !== entries.length) this.#add("lineage", name, null);
    for (const [row, line] of lines.entries()) {
      this.#rows += 1;
      const value = parseJson(line);
      const readRow = value === undefined ? null : read(value);
      if (readRow === null) this.#add(value === undefined ? "not_json" : "schema", name, row);
      else for (const fault of this.#faultsOf(readRow, data.split, entries[row])) this.#add(fault, name, row);
    }
  }

  #add(fault: LintFaultName, file: string, row: number | null): void {
    this.#found += 1;
    if (this.#faults.length < MOST_FAULTS) this.#faults.push({ fault, file, row });
  }

  *#faultsOf(row: ReadRow, split: Split, entry: LineageEntry | undefined): Generator<LintFaultName> {
    const { isReviewed, isHeldOutText, wasRefusedInError } = this.#inputs;
    const context = row.prompt.map(({ content }) => content);
    const texts = [...context, row.target ?? "", row.rejected ?? ""];
    if ([...context, row.rejected ?? ""].some(saysHint)) yield "hint_in_context";
    if (row.target !== null && saysHint(row.target)) yield "hint_in_target";
    if (texts.some(tellsPrivate)) yield "private_text";
    if (context.some(isHeldOutText)) yield "held_out";
    const targetFault = this.#targetFault(row);
    if (targetFault !== null) yield targetFault;
    const asked = promptKeyOf(row.prompt.at(-1)?.content ?? "");
    if (row.target !== null && isRefusal(row.target) && wasRefusedInError?.(asked) === true) yield "refused_again";
    const marks = [`text ${asked}`, ...(entry?.prompt === undefined ? [] : [`mark ${entry.prompt}`])];
    if (!marks.every((mark) => this.#isIn(split, mark))) yield "prompt_in_two_splits";
    if (entry?.prompt !== undefined && (this.#inputs.splitOf?.(entry.prompt) ?? split) !== split) {
      yield "prompt_in_two_splits";
    }
    if (entry?.mistake_id !== undefined && !isReviewed(entry.mistake_id)) yield "unreviewed_mistake";
  }

  #isIn(split: Split, mark: string): boolean {
    const known = this.#splits.get(mark) ?? split;
    this.#splits.set(mark, known);
    return known === split;
  }

  #targetFault({ prompt, target }: ReadRow): LintFaultName | null {
    if (target === null) return null;
    const key = JSON.stringify([prompt.at(-1)?.content, target]);
    const known = this.#checked.get(key);
    if (known !== undefined) return known;
    const conversation = prompt.map(({ role, content }, place) => ({
      ...{ role, text: content },
      location: `messages[${place}].content`,
    }));
    const answer = [{ role: "assistant" as const, text: target, location: "content" }];
    const verdicts = runFastGuardrails(this.#output, { conversation, answer, guidance: [] }, "output");
    // A refusal may be right for an analysis's context; whether it repeats an error is read apart.
    const isHarmful = verdicts.some(
      ({ status, findings }) => status === "flag" && findings.some(({ category }) => category !== OVER_REFUSAL),
    );
    const isUnchecked = verdicts.some(({ status }) => status === "error");
    const fault = isHarmful ? "harmful_target" : isUnchecked ? "unchecked_target" : null;
    this.#checked.set(key, fault);
    return fault;
  }
}

export function lintRelease(inputs: LintInputs): LintReport {
  const linting = new Linting(inputs);
  for (const [name, text] of inputs.files) {
    const data = readDataFileName(name);
    if (data !== null) linting.file(name, data, text);
  }
  return linting.report();
}
