// Rewrites a release that holds erased mistakes, part by part. Law: the new files lie beside the old ones until the record names them,
// so that whoever fetches one meanwhile gets a whole one; the old ones are deleted afterwards (old-files-place).
import { sha256 } from "../../lib/hash.ts";
import type { MakeId } from "../../lib/ids.ts";
import type { ObjectStore } from "../../lib/object-store.ts";
import { parseJson } from "../../lib/parse-json.ts";
import type { ErasedExamples } from "../../release/erased-examples.ts";
import { CARD_NAME, lineageName, MANIFEST_NAME, readDataFileName } from "../../release/release-file-name.ts";
import type { ReleaseStore } from "../../release/release-store.ts";
import type { Release, ReleaseFile } from "../../release/release.ts";
import { datasetCard } from "../dataset-card.ts";
import { lineagePartSchema, type LineagePart } from "../release-lineage.ts";
import { analysesShare, manifestSchema, shownCounts, type Manifest } from "../release-manifest.ts";
import { releaseContentType, releaseFileKey, releaseObjectKey } from "../release-objects.ts";
import { withoutMistakes, type WithoutMistakes } from "./without-mistakes.ts";

export interface RewriteDependencies {
  readonly releases: Pick<ReleaseStore, "get">;
  readonly examples: ErasedExamples;
  readonly objects: ObjectStore;
  readonly makeId: MakeId;
}

/** One release with a revision of its own, being rewritten. */
class Rewriting {
  readonly #objects: ObjectStore;
  readonly #before: Release;
  readonly #after: Release;

  constructor(objects: ObjectStore, before: Release, revision: string) {
    this.#objects = objects;
    this.#before = before;
    this.#after = { ...before, revision };
  }

  async textOf(name: string): Promise<string> {
    const file = this.#before.files.find((each) => each.name === name);
    return file === undefined ? "" : ((await this.#objects.getText(releaseFileKey(this.#before, file))) ?? "");
  }

  async write(name: string, text: string, rows: number): Promise<ReleaseFile> {
    const bytes = new TextEncoder().encode(text);
    await this.#objects.put(releaseObjectKey(this.#after, name), bytes, releaseContentType(name));
    const { revision } = this.#after;
    return { name, bytes: bytes.byteLength, sha256: await sha256(bytes), rows, revision };
  }

  /** It stays where it is. */
  kept(file: ReleaseFile): ReleaseFile {
    return file.revision === undefined ? { ...file, revision: this.#before.revision } : file;
  }
}

function shown({ name, bytes, sha256: sum, rows }: ReleaseFile): object {
  return { name, bytes, sha256: sum, rows };
}

function lessCounts(
  counts: Readonly<Record<string, number>>,
  gone: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([type, count]) => [type, count - (gone[type] ?? 0)]));
}

interface RewrittenPart {
  readonly files: readonly ReleaseFile[];
  readonly gone: WithoutMistakes["gone"];
  /** of the manifest, where there is one part alone */
  readonly lineage: LineagePart;
}

async function rewritePart(
  rewriting: Rewriting,
  files: readonly ReleaseFile[],
  own: { readonly name: string | null; readonly lineage: LineagePart },
  mistakeIds: readonly string[],
): Promise<RewrittenPart> {
  const erased = new Set(mistakeIds);
  const { lineage, members, withheld } = own.lineage;
  const isTouched = [...lineage, ...members, ...withheld].some(({ mistake_id: id }) => erased.has(id ?? ""));
  if (!isTouched) return { files: files.map((file) => rewriting.kept(file)), gone: {}, lineage: own.lineage };
  const texts = new Map<string, string>();
  for (const { name } of files) if (readDataFileName(name) !== null) texts.set(name, await rewriting.textOf(name));
  const without = withoutMistakes(texts, own.lineage, mistakeIds);
  if (!without.ok) throw new Error(without.error);
  const written: ReleaseFile[] = [];
  for (const { name } of files) {
    const left = without.value.texts.get(name);
    const isLineage = name === own.name;
    const text = isLineage ? `${JSON.stringify(without.value.lineage)}\n` : left?.text;
    const rows = isLineage ? without.value.lineage.lineage.length : left?.rows;
    if (text !== undefined) written.push(await rewriting.write(name, text, rows ?? 0));
  }
  return { files: written, gone: without.value.gone, lineage: without.value.lineage };
}

function partsOf({ files }: Release): readonly number[] {
  return [...new Set(files.flatMap(({ name }) => readDataFileName(name)?.part ?? []))].toSorted(
    (one, two) => one - two,
  );
}

function readManifest(releaseId: string, text: string): Manifest & LineagePart {
  const value = parseJson(text);
  const manifest = manifestSchema.safeParse(value);
  const lineage = lineagePartSchema.safeParse(value);
  if (!manifest.success || !lineage.success) throw new Error(`${releaseId}: the manifest of the release can't be read`);
  return { ...manifest.data, ...lineage.data };
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
  const revision = makeId("rvs");
  const rewriting = new Rewriting(objects, release, revision);
  const manifest = readManifest(releaseId, await rewriting.textOf(MANIFEST_NAME));
  const parts: RewrittenPart[] = [];
  for (const part of partsOf(release)) {
    const name = lineageName(part);
    const isApart = release.files.some((file) => file.name === name);
    const lineage = isApart ? lineagePartSchema.parse(parseJson(await rewriting.textOf(name))) : manifest;
    const files = release.files.filter((file) => readDataFileName(file.name)?.part === part || file.name === name);
    parts.push(await rewritePart(rewriting, files, { name: isApart ? name : null, lineage }, mistakeIds));
  }
  const only = parts.length === 1 && parts[0] !== undefined && manifest.lineage.length > 0 ? parts[0].lineage : null;
  const gone: Record<string, number> = {};
  for (const part of parts)
    for (const [type, count] of Object.entries(part.gone)) gone[type] = (gone[type] ?? 0) + count;
  const erased = release.erased + Object.values(gone).reduce((sum, count) => sum + count, 0);
  const counts = shownCounts(lessCounts(manifest.counts, gone));
  const data = parts.flatMap(({ files }) => files);
  const inline = only ?? { ...manifest, ...withoutMembers(manifest, mistakeIds) };
  const rewritten = {
    ...manifest,
    counts,
    analyses_share: analysesShare(counts),
    files: data.map(shown),
    lineage: inline.lineage,
    members: inline.members,
    withheld: inline.withheld,
    erased,
  };
  const files = [
    ...data,
    await rewriting.write(MANIFEST_NAME, `${JSON.stringify(rewritten, null, 2)}\n`, 0),
    ...(release.files.some(({ name }) => name === CARD_NAME)
      ? [await rewriting.write(CARD_NAME, datasetCard(manifestSchema.parse(rewritten)), 0)]
      : []),
  ];
  await examples.publishRewritten(release, { revision, counts, files, erased }, mistakeIds);
  return erased - release.erased;
}

/** Of a manifest without rows of its own. */
function withoutMembers(
  { members, withheld }: LineagePart,
  mistakeIds: readonly string[],
): Pick<LineagePart, "members" | "withheld"> {
  const erased = new Set(mistakeIds);
  return {
    members: members.filter(({ mistake_id: id }) => !erased.has(id)),
    withheld: withheld.filter(({ mistake_id: id }) => !erased.has(id ?? "")),
  };
}
