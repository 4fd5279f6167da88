// `npm run replay -- [--dry-run] [--limit COUNT] [--url URL]`: puts dead letters back to where they died; without a URL in what
// `npm start` runs. Law: bounded, safe to repeat; says what stays. (wrangler lists no objects, so the Worker does the work.)
import { parseArgs } from "node:util";
import { readAdminKey, readRunningSystem } from "../local/running-system.ts";
import { replayAll } from "./replay/replay-all.ts";

const DEFAULT_LIMIT = 10_000;

const { values } = parseArgs({
  options: {
    "dry-run": { type: "boolean", default: false },
    limit: { type: "string", default: String(DEFAULT_LIMIT) },
    url: { type: "string" },
  },
});

function end(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

const url = values.url ?? (await readRunningSystem(Number(process.env["SETBACK_PORT"] ?? 8787)))?.url;
if (url === undefined) end("Nothing runs here: `npm start` first, or name a gateway by --url https://….");
// A key of this machine's .dev.vars is no business of a gateway elsewhere.
const key = values.url === undefined ? await readAdminKey() : (process.env["SETBACK_ADMIN_KEY"] ?? null);
if (key === null || key === "") end("The operator's key is missing: set SETBACK_ADMIN_KEY.");
const limit = Number(values.limit);
if (!Number.isInteger(limit) || limit < 1) end("--limit is a whole number above 0.");

const isRehearsal = values["dry-run"];
const { replayed, unreadable, refused, hasMore } = await replayAll({ url, key, limit, isRehearsal, fetch });
console.log(`${replayed} dead letters ${isRehearsal ? "could be put back (nothing was changed)" : "were put back"}`);
if (unreadable > 0) console.log(`${unreadable} can't be read by this version; they stay`);
if (refused > 0) console.log(`${refused} were refused, see the logs; they stay`);
if (hasMore) console.log("there are more: run it again, or raise --limit");
if (unreadable + refused > 0) process.exitCode = 1;
