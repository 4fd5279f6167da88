// Files of a ready release: handed out with a key or by a signed address, and linted as they lie there. Law: a signed address opens
// one file of one release until a moment, and nothing else; whoever fetched by it is logged under the key that signed it.
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { LINT_FAULTS } from "../finetuning/lint/lint-faults.ts";
import { lintStoredPart, partsOfRelease } from "../finetuning/lint/lint-stored.ts";
import { releaseContentType, releaseFileKey } from "../finetuning/release-objects.ts";
import { isSignedPath, signPath } from "../lib/signed-path.ts";
import type { AppEnvironment, AppServices } from "../middleware/app-services.ts";
import { logAccess } from "../middleware/log-access.ts";
import { conflict, notFound, ProblemError } from "../problem.ts";
import { readDataFileName } from "../release/release-file-name.ts";
import type { Release, ReleaseFile } from "../release/release.ts";
import { queryNumber } from "../wire/query-number.ts";
import { bearer, createRouter, jsonReply, keyReplies, problemReply } from "./documented.ts";

const idSchema = z.object({ id: z.string().min(1).max(64) });
const fileSchema = idSchema.extend({ name: z.string().min(1).max(100) });

const DAY_SECONDS = 24 * 60 * 60;
const HOUR_SECONDS = 60 * 60;

const fileRoute = createRoute({
  method: "get",
  path: "/v1/releases/{id}/files/{name}",
  summary: "One file of a ready release",
  description:
    "A name as the release's `files` list it. Fetching a file of rows to train on records the release as collected.",
  security: bearer,
  request: { params: fileSchema },
  responses: {
    200: { description: "The file", content: { "application/jsonl": { schema: z.string() } } },
    ...keyReplies,
    404: problemReply,
    409: problemReply,
  },
});

const urlRoute = createRoute({
  method: "get",
  path: "/v1/releases/{id}/files/{name}/url",
  summary: "An address of one file that needs no key",
  description:
    "For a trainer without a key: it opens this file alone, until `expires_at`. Make it short, since it can't be revoked.",
  security: bearer,
  request: {
    params: fileSchema,
    query: z.object({
      seconds: queryNumber(z.coerce.number<string>().int().min(60).max(DAY_SECONDS)).default(HOUR_SECONDS),
    }),
  },
  responses: {
    200: jsonReply("The address", z.object({ url: z.string(), expires_at: z.int() }).meta({ id: "ReleaseFileUrl" })),
    400: problemReply,
    ...keyReplies,
    404: problemReply,
    409: problemReply,
  },
});

const lintWireSchema = z
  .object({
    object: z.literal("release_lint"),
    release_id: z.string(),
    part: z.int(),
    parts: z.int(),
    rows: z.int(),
    found: z.int(),
    faults: z.array(z.object({ fault: z.enum(LINT_FAULTS), file: z.string(), row: z.int().nullable() })),
  })
  .meta({ id: "ReleaseLint", description: "Clean where `found` is 0; at most 100 faults are named." });

const lintRoute = createRoute({
  method: "get",
  path: "/v1/releases/{id}/lint",
  summary: "Reads one part of a ready release again and says what must not be learnt from it",
  security: bearer,
  request: {
    params: idSchema,
    query: z.object({ part: queryNumber(z.coerce.number<string>().int().min(1).max(99_999)).default(1) }),
  },
  responses: {
    200: jsonReply("What was found", lintWireSchema),
    400: problemReply,
    ...keyReplies,
    404: problemReply,
    409: problemReply,
  },
});

async function readyRelease(services: AppServices, projectId: string, id: string): Promise<Release> {
  const release = await services.releases.get(projectId, id);
  if (release === null) throw new ProblemError(notFound("release", id));
  if (release.status !== "ready") throw new ProblemError(conflict(`The release is ${release.status}, not ready.`));
  if ((await services.erasedExamples.erasedIn(projectId, id)).length > 0) {
    throw new ProblemError(conflict("An erasure takes examples out of the release: try again in some minutes."));
  }
  return release;
}

function fileOf(release: Release, name: string): ReleaseFile {
  const file = release.files.find((each) => each.name === name);
  if (file === undefined) throw new ProblemError(notFound("file", name));
  return file;
}

async function handOut(
  context: Context<AppEnvironment>,
  projectId: string,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<Response> {
  const { services } = context.var;
  const release = await readyRelease(services, projectId, id);
  const object = await services.objects.get(releaseFileKey(release, fileOf(release, name)));
  if (object === null) throw new ProblemError(notFound("file", name));
  // Hono answers HEAD by the same handler; asking for the size alone collects nothing.
  if (readDataFileName(name)?.split === "train" && context.req.method === "GET")
    await services.releases.markCollected(projectId, id, services.clock());
  return new Response(object.body, {
    headers: {
      "content-type": releaseContentType(name),
      "content-length": String(object.bytes),
      "content-disposition": `attachment; filename="${id}-${name}"`,
    },
  });
}

function signedPath(projectId: string, keyId: string, id: string, name: string): string {
  return `/signed/${[projectId, keyId, id, name].map(encodeURIComponent).join("/")}`;
}

const PAGE_SIZE = 100;

/** Those of the part that the release still holds though nobody has decided on them. */
async function unreviewed(
  { mistakes }: AppServices,
  { projectId, id }: Release,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const sorted = ids.toSorted();
  const last = sorted.at(-1) ?? "";
  const open = new Set<string>();
  // Just before the first one.
  let after: string | null = sorted[0]?.slice(0, -1) ?? null;
  while (after !== null && after < last) {
    const page = await mistakes.listClaimed(projectId, id, { after, limit: PAGE_SIZE, includeReleased: false });
    for (const { mistake } of page) if (["captured", "analysed"].includes(mistake.state)) open.add(mistake.id);
    after = page.length < PAGE_SIZE ? null : (page.at(-1)?.mistake.id ?? null);
  }
  return open;
}

export const releaseFiles = createRouter()
  .openapi(urlRoute, async (context) => {
    const { services, key } = context.var;
    const { id, name } = context.req.valid("param");
    if (services.pathSecret === null) throw new ProblemError(conflict("No secret is set that could sign addresses."));
    const { seconds } = context.req.valid("query");
    fileOf(await readyRelease(services, key.projectId, id), name);
    const expiresAt = Math.floor(services.clock() / 1000) + seconds;
    const path = await signPath(services.pathSecret, signedPath(key.projectId, key.id, id, name), expiresAt);
    return context.json({ url: new URL(path, context.req.url).href, expires_at: expiresAt }, 200);
  })
  .openapi(lintRoute, async (context) => {
    const { services, key } = context.var;
    const { id } = context.req.valid("param");
    const { part } = context.req.valid("query");
    const release = await readyRelease(services, key.projectId, id);
    const parts = partsOfRelease(release);
    if (part > parts) throw new ProblemError(notFound("part", String(part)));
    const { objects, releaseMaking } = services;
    const { rows, found, faults } = await lintStoredPart(
      {
        objects,
        guardrails: releaseMaking.guardrails,
        unreviewed: async (ids) => await unreviewed(services, release, ids),
      },
      release,
      part,
    );
    return context.json(
      { object: "release_lint" as const, release_id: id, part, parts, rows, found, faults: [...faults] },
      200,
    );
  });

releaseFiles.openAPIRegistry.registerPath(fileRoute);

releaseFiles.get("/v1/releases/:id/files/:name", async (context) => {
  const { id, name } = context.req.param();
  const response = await handOut(context, context.var.key.projectId, { id, name });
  if (context.req.method === "GET") logAccess(context, "release_file", [id, name]);
  return response;
});

releaseFiles.get("/signed/:project/:key/:id/:name", async (context) => {
  const { services, requestId } = context.var;
  const { project, key, id, name } = context.req.param();
  const now = Math.floor(services.clock() / 1000);
  const { expires, signature } = context.req.query();
  const path = signedPath(project, key, id, name);
  const isSigned =
    services.pathSecret !== null && (await isSignedPath(services.pathSecret, path, { expires, signature }, now));
  if (!isSigned) throw new ProblemError(notFound("file", name));
  const response = await handOut(context, project, { id, name });
  if (context.req.method === "GET") {
    const entry = { id: services.makeId("acc"), projectId: project, keyId: key, thing: "release_file" as const };
    const createdAt = services.clock();
    services.background(async () => {
      await services.accessLog.addEntry({ ...entry, subjects: [id, name], requestId, createdAt });
    });
  }
  return response;
});
