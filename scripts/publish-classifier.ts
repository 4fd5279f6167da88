// `npm run publish:classifier -- [--remote] [--bucket NAME] [--shipped]`: puts the weights of this checkout into R2 and makes
// them the active ones; Workers load them within a minute. Law: the pointer is put last; `--shipped` takes it away again.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SHIPPED_RELEASE } from "../src/guardrail/edge-classifier/edge-model.ts";
import { ACTIVE_KEY, publish, releaseKey } from "../src/guardrail/edge-classifier/published-weights.ts";
import { createWrangler } from "./deploy/wrangler.ts";

const ROOT = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    remote: { type: "boolean", default: false },
    shipped: { type: "boolean", default: false },
    bucket: { type: "string", default: "setback-objects" },
  },
});

const wrangler = createWrangler({
  command: [process.execPath, join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js")],
  folder: ROOT,
  environment: process.env,
});

async function onObject(verb: "put" | "delete", key: string, file: string | null): Promise<void> {
  const place = values.remote ? "--remote" : "--local";
  const body = file === null ? [] : ["--file", file, "--content-type", "application/json"];
  const ran = await wrangler(["r2", "object", verb, `${values.bucket}/${key}`, ...body, place]);
  if (ran.code !== 0) throw new Error(`wrangler r2 object ${verb} ${key} failed:\n${ran.output}`);
}

async function put(key: string, text: string, folder: string): Promise<void> {
  const file = join(folder, "object.json");
  writeFileSync(file, text);
  await onObject("put", key, file);
}

if (values.shipped) {
  await onObject("delete", ACTIVE_KEY, null);
  console.log("Every Worker goes back to the weights that it was deployed with.");
} else {
  const { version } = SHIPPED_RELEASE.weights;
  const published = await publish(SHIPPED_RELEASE);
  const folder = mkdtempSync(join(tmpdir(), "setback-classifier-"));
  try {
    await put(releaseKey(version), published.release, folder);
    await put(ACTIVE_KEY, published.active, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(`Version ${version} is active; Workers load it within a minute.`);
}
