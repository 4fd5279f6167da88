// What a format of training files is: which types of examples it has, a row of each, and what its consumer demands of a row.
// Law: a row is read back by the schema that its consumer's page describes, never by what we happen to write.
import type { z } from "zod";
import type { ExampleMessage, ExampleType, TrainingExample } from "../training-example.ts";

/** A row as any trainer sees it. */
export interface ReadRow {
  readonly prompt: readonly ExampleMessage[];
  /** null where the row has nothing to draw a model towards */
  readonly target: string | null;
  readonly rejected: string | null;
}

export interface ReleaseFormatWriter {
  readonly types: readonly ExampleType[];
  readonly rowOf: (example: TrainingExample) => object;
  readonly rowSchema: z.ZodType;
  /** null where the row does not fit its schema */
  readonly read: (value: unknown) => ReadRow | null;
}
