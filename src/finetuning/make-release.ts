// Stage 3's data: makes a requested release ready, step by step. Law: safe to repeat at any point — each step writes objects of fixed
// names and says in its result where the next one goes on; one transaction publishes; a failure frees what was claimed.
import { z } from "zod";
import type { Clock } from "../lib/clock.ts";
import { fnv1a } from "../lib/fnv1a.ts";
import { sha256 } from "../lib/hash.ts";
import type { Logger } from "../lib/logger.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import { parseJson } from "../lib/parse-json.ts";
import type { FastGuardrail } from "../guardrail/guardrail.ts";
import type { MistakeStore } from "../mistake/mistake-store.ts";
import { CARD_NAME, lineageName, MANIFEST_NAME } from "../release/release-file-name.ts";
import { SETTLED_AT_ONCE, type ReleaseStore } from "../release/release-store.ts";
import type { Release, ReleaseFile } from "../release/release.ts";
import { checkTargetWith } from "./check-target.ts";
import { datasetCard } from "./dataset-card.ts";
import { FIRST_PAIR, NormalPairSource } from "./normal-pair-source.ts";
import { mergedCounts, partResultSchema, type PartResult } from "./part-result.ts";
import { dropRefusedPrompts, gatherRefusedPrompts, readRefusedPrompts } from "./refused-prompts.ts";
import { lineagePartSchema, type LineagePart } from "./release-lineage.ts";
import { manifestSchema, releaseManifest, shownCounts } from "./release-manifest.ts";
import { releaseContentType, releaseObjectKey } from "./release-objects.ts";
import { tellWebhook, type Webhook } from "./tell-webhook.ts";
import { writePart } from "./write-part.ts";

export interface MakeReleaseDependencies {
  readonly mistakes: Pick<MistakeStore, "claimForRelease" | "listClaimed" | "list">;
  readonly releases: ReleaseStore;
  readonly objects: ObjectStore;
  readonly guardrails: readonly FastGuardrail[];
  /** the operator's JSONL in the object store; null: the small synthetic default */
  readonly normalPairsKey: string | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** who is told of its end; left out or null: nobody */
  readonly webhook?: Webhook | null;
  /** for tests: see write-part.ts */
  readonly partMistakes?: number;
}

/** Runs a step, or gives back what it gave when it ran before. What it gives is small. */
export type RunStep = (name: string, run: () => Promise<string>) => Promise<string>;

/** Without a Workflow: everything once more where it is repeated. */
const atOnce: RunStep = async (_, run) => await run();

/** With their settling and the rest well under the 1,024 steps of a Workflow (developers.cloudflare.com/workflows/reference/limits). */
const MOST_PARTS = 600;
const SETTLED_A_STEP = 10_000;

const partStepSchema = z.union([partResultSchema, z.object({ failure: z.string() })]);

export async function makeRelease(
  dependencies: MakeReleaseDependencies,
  projectId: string,
  releaseId: string,
  runStep: RunStep = atOnce,
): Promise<void> {
  const { releases } = dependencies;
  const release = await releases.get(projectId, releaseId);
  if (release === null) return;
  const outcome = await build(dependencies, release, runStep);
  if (outcome !== null) {
    await failRelease(dependencies, release, outcome, runStep);
    return;
  }
  await settleRelease(dependencies, release, runStep);
  if (release.status === "building") await tellEnd(dependencies, release, runStep);
}

async function tellEnd(
  { releases, clock, logger, webhook = null }: FailDependencies,
  { projectId, id }: Pick<Release, "projectId" | "id">,
  runStep: RunStep,
): Promise<void> {
  if (webhook === null) return;
  await runStep("tell the webhook", async () => {
    const release = await releases.get(projectId, id);
    return release === null ? "" : String(await tellWebhook(webhook, release, clock, logger));
  });
}

type FailDependencies = Pick<MakeReleaseDependencies, "releases" | "clock" | "logger" | "webhook">;

/** Fails it, and frees what it claimed. */
export async function failRelease(
  dependencies: FailDependencies,
  release: Pick<Release, "projectId" | "id">,
  failure: string,
  runStep: RunStep = atOnce,
): Promise<void> {
  const { releases, logger } = dependencies;
  await runStep("record the failure", async () => {
    await releases.fail(release.projectId, release.id, failure);
    logger.error("release_failed", { release: release.id, reason: failure });
    return "";
  });
  await settleRelease({ releases }, release, runStep);
  await tellEnd(dependencies, release, runStep);
}

async function settleRelease(
  { releases }: Pick<MakeReleaseDependencies, "releases">,
  { projectId, id }: Pick<Release, "projectId" | "id">,
  runStep: RunStep,
): Promise<void> {
  let after = "";
  for (let page = 1; ; page += 1) {
    const from = after;
    after = await runStep(`settle ${page}`, async () => {
      let reached: string | null = from === "" ? null : from;
      for (let settled = 0; settled < SETTLED_A_STEP; settled += SETTLED_AT_ONCE) {
        reached = await releases.settle(projectId, id, reached, SETTLED_AT_ONCE);
        if (reached === null) return "";
      }
      return reached ?? "";
    });
    if (after === "") return;
  }
}

/** Why the release failed; null where it did not. */
async function build(
  dependencies: MakeReleaseDependencies,
  release: Release,
  runStep: RunStep,
): Promise<string | null> {
  const { mistakes, objects, guardrails } = dependencies;
  const orderOf = (text: string): number => fnv1a(text, `order ${release.options.seed}`);
  const pairs = new NormalPairSource(objects, dependencies.normalPairsKey, orderOf);
  const refused = Number(
    await runStep("gather what was refused in error", async () =>
      // Repeated after its end, or asked for what isn't there any more: nothing is written beside a release that is done.
      release.status === "building" ? String(await gatherRefusedPrompts(mistakes, objects, release)) : "0",
    ),
  );
  if (release.status !== "building") return null;
  const checkTarget = checkTargetWith(guardrails);
  let known: ((promptKey: string) => boolean) | null = null;
  const parts: PartResult[] = [];
  for (let part = 1; part <= MOST_PARTS; part += 1) {
    const before = parts.at(-1);
    const from = {
      after: before?.after ?? null,
      pairs: before?.pairs ?? FIRST_PAIR,
      goodAfter: before?.goodAfter ?? null,
    };
    const text = await runStep(`write part ${part}`, async () => {
      known ??= await readRefusedPrompts(objects, release, refused);
      const written = await writePart({ ...dependencies, checkTarget, pairs, wasRefusedInError: known }, release, {
        ...from,
        part,
      });
      return JSON.stringify(written.ok ? written.value : { failure: written.error });
    });
    const result = partStepSchema.parse(parseJson(text));
    if ("failure" in result) return result.failure;
    parts.push(result);
    if (result.after === null) break;
  }
  await runStep("publish", async () => {
    await publish(dependencies, release, parts, pairs.name);
    return "";
  });
  return null;
}

async function writeText(objects: ObjectStore, release: Release, name: string, text: string): Promise<ReleaseFile> {
  const bytes = new TextEncoder().encode(text);
  await objects.put(releaseObjectKey(release, name), bytes, releaseContentType(name));
  return { name, bytes: bytes.byteLength, sha256: await sha256(bytes), rows: 0 };
}

async function publish(
  { releases, objects, clock, logger }: MakeReleaseDependencies,
  release: Release,
  parts: readonly PartResult[],
  normalSource: string,
): Promise<void> {
  const { projectId, id } = release;
  const found = await releases.get(projectId, id);
  // Published by a run that was cut off just behind it.
  if (found?.status !== "building") return;
  const only = parts.length === 1 ? lineageName(1) : null;
  const lineage = only === null ? null : await readLineage(objects, release, only);
  const files = parts.flatMap((part) => part.files).filter(({ name }) => name !== only);
  const manifest = releaseManifest(release, parts, files, lineage, normalSource);
  const written = [
    await writeText(objects, release, MANIFEST_NAME, `${JSON.stringify(manifest, null, 2)}\n`),
    await writeText(objects, release, CARD_NAME, datasetCard(manifestSchema.parse(manifest))),
  ];
  await releases.publish(projectId, id, {
    counts: shownCounts(mergedCounts(parts.map(({ counts }) => counts))),
    files: [...files, ...written],
    readyAt: clock(),
    mistakeIds: [],
  });
  if (only !== null) await objects.delete(releaseObjectKey(release, only));
  await dropRefusedPrompts(objects, release);
  logger.info("release_ready", { release: id, rows: files.reduce((sum, { rows }) => sum + rows, 0) });
}

async function readLineage(objects: ObjectStore, release: Release, name: string): Promise<LineagePart> {
  const text = await objects.getText(releaseObjectKey(release, name));
  return lineagePartSchema.parse(parseJson(text ?? ""));
}
