// Rewrites a release that holds erased mistakes. Law: the new files lie beside the old ones until the record names them, so that
// whoever fetches one meanwhile gets a whole one; the old ones are deleted afterwards (old-files-place).
import { sha256 } from "../../lib/hash.ts";
import type { MakeId } from "../../lib/ids.ts";
import type { ObjectStore } from "../../lib/object-store.ts";
import type { ErasedExamples } from "../../release/erased-examples.ts";
import type { ReleaseStore } from "../../release/release-store.ts";
import type { Release, ReleaseFile, ReleaseFileName } from "../../release/release.ts";
import { releaseContentType, releaseObjectKey } from "../release-objects.ts";
import { withoutMistakes } from "./without-mistakes.ts";

export interface RewriteDependencies {
  readonly releases: Pick<ReleaseStore, "get">;
  readonly examples: ErasedExamples;
  readonly objects: ObjectStore;
  readonly makeId: MakeId;
}

/** How many examples went. Throws where the release's files can't be read, since then nothing may be left as it is unseen. */
export async function rewriteRelease(
  { releases, examples, objects, makeId }: RewriteDependencies,
  projectId: string,
  releaseId: string,
): Promise<number> {
  const release = await releases.get(projectId, releaseId);
  const mistakeIds = await examples.erasedIn(projectId, releaseId);
  if (release?.status !== "ready" || mistakeIds.length === 0) return 0;
  const textOf = async (name: ReleaseFileName): Promise<string> =>
    (await objects.getText(releaseObjectKey(release, name))) ?? "";
  const texts = {
    train: await textOf("train.jsonl"),
    validation: await textOf("validation.jsonl"),
    manifest: await textOf("manifest.json"),
  };
  const without = withoutMistakes(texts, mistakeIds);
  if (!without.ok) throw new Error(`${releaseId}: ${without.error}`);
  const rewritten: Release = { ...release, revision: makeId("rvs") };
  const write = async (name: ReleaseFileName, text: string, rows: number): Promise<ReleaseFile> => {
    const bytes = new TextEncoder().encode(text);
    await objects.put(releaseObjectKey(rewritten, name), bytes, releaseContentType(name));
    return { name, bytes: bytes.byteLength, sha256: await sha256(bytes), rows };
  };
  const { train, validation, rows, counts, erased, manifestWith } = without.value;
  const data = [
    await write("train.jsonl", train, rows.train),
    await write("validation.jsonl", validation, rows.validation),
  ];
  const files = [...data, await write("manifest.json", `${JSON.stringify(manifestWith(data), null, 2)}\n`, 0)];
  const revision = rewritten.revision ?? "";
  await examples.publishRewritten(release, { revision, counts, files, erased }, mistakeIds);
  return erased - release.erased;
}
