// Reads the measurement data: gzipped JSON lines below the folder that SETBACK_DATA names.
// Law: the folder is known through SETBACK_DATA alone, and no row is ever printed or copied into the project.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { z } from "zod";

/** One sentence that tells the person at the terminal what to do. */
export class MissingData extends Error {}

/** Runs a command's work; of missing data it tells that sentence alone. */
export async function runWithData(work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof MissingData)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

export function dataFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const folder = environment["SETBACK_DATA"] ?? "";
  if (folder === "") {
    throw new MissingData(
      "Set SETBACK_DATA to the folder of the measurement data (it holds labelled/, prompts/, helpful/).",
    );
  }
  if (!existsSync(join(folder, "labelled"))) {
    throw new MissingData(
      `SETBACK_DATA names ${folder}, but there is no folder labelled/ in it: set it to the measurement data.`,
    );
  }
  return folder;
}

/** The rows of `labelled/jade_v3`, say; a row that the schema refuses is an error that names its line, not its text. */
export function readRows<T>(folder: string, name: string, schema: z.ZodType<T>): T[] {
  const file = join(folder, `${name}.jsonl.gz`);
  if (!existsSync(file)) throw new MissingData(`SETBACK_DATA lacks ${name}.jsonl.gz.`);
  const lines = gunzipSync(readFileSync(file)).toString("utf8").split("\n");
  return lines.flatMap((line, index) => {
    if (line === "") return [];
    const row = schema.safeParse(JSON.parse(line));
    if (!row.success) throw new MissingData(`${name}.jsonl.gz, line ${index + 1}: not of the expected shape.`);
    return [row.data];
  });
}

/** Prompts that differ only in case, width, punctuation or spacing are one prompt: splits go by this. */
export function normalisedPrompt(prompt: string): string {
  return prompt
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
