// Which dismissed mistakes are good examples. Law: what only a reporter says that the model said, or what waits in quarantine, is
// nobody's example though it was dismissed.
import type { MistakeWithAnalyses } from "../mistake/mistake-store.ts";

export function isFreeGood({ mistake: { source, quarantine, provenance } }: MistakeWithAnalyses): boolean {
  return quarantine === null && (source !== "feedback" || provenance.completionId !== "");
}
