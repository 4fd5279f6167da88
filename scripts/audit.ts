// npm run audit -- FILE --url URL --key KEY: what a running gateway would have flagged in a log, as a table (POST /v1/audits).
// Law: the file is sent as it is read, and rows are printed as they come; nothing is stored on either side.
import { createReadStream } from "node:fs";
import { parseArgs } from "node:util";
import { jsonLines } from "../src/lib/json-lines.ts";
import { auditEntrySchema } from "../src/wire/audit-line.ts";
import { exchangeRows, faultRow, summaryLines, TABLE_HEAD } from "./audit/table.ts";

const USAGE = `npm run audit -- FILE [--url http://127.0.0.1:8787] [--key KEY] [--judges] [--policy-of KEY_ID]

FILE holds lines of JSON: {"messages": […], "answer": "…"} or {"request": {…}, "response": {…}}; - is standard input.
The key needs the scope review; without --key it is SETBACK_AUDIT_KEY.`;
const DEFAULT_URL = "http://127.0.0.1:8787";
const LIMITS = { mostBytes: 4_000_000, mostLines: Number.MAX_SAFE_INTEGER, mostLevels: 200 };

/** Read as the gateway asks for more. */
function bytesOf(log: AsyncIterable<unknown>): ReadableStream<Uint8Array> {
  const pieces = log[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else if (next.value instanceof Uint8Array) controller.enqueue(next.value);
      else throw new TypeError("the log gave something else than bytes");
    },
  });
}

async function audit(): Promise<number> {
  const options = {
    url: { type: "string", default: DEFAULT_URL },
    key: { type: "string", default: process.env["SETBACK_AUDIT_KEY"] ?? "" },
    judges: { type: "boolean", default: false },
    "policy-of": { type: "string", default: "" },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0 || values.key === "") {
    console.error(USAGE);
    return 2;
  }
  const address = new URL("/v1/audits?only=flagged", values.url);
  if (values.judges) address.searchParams.set("judges", "true");
  if (values["policy-of"] !== "") address.searchParams.set("key_id", values["policy-of"]);
  const log = file === "-" ? process.stdin : createReadStream(file);
  const headers = { authorization: `Bearer ${values.key}`, "content-type": "application/jsonl" };
  // Node asks for `duplex` where a body is a stream; the DOM's types do not know it yet.
  const init = { method: "POST", headers, body: bytesOf(log), duplex: "half" };
  const reply = await fetch(address, init);
  if (!reply.ok || reply.body === null) {
    console.error(`${reply.status}: ${await reply.text()}`);
    return 1;
  }
  console.log(TABLE_HEAD);
  for await (const line of jsonLines(reply.body, LIMITS)) {
    if ("fault" in line) throw new Error(`the gateway's line ${line.line} ${line.fault}`);
    const entry = auditEntrySchema.parse(line.value);
    if (entry.object === "audited_exchange") for (const each of exchangeRows(entry)) console.log(each);
    else if (entry.object === "audit_fault") console.log(faultRow(entry));
    else {
      console.log(["", ...summaryLines(entry)].join("\n"));
      return entry.stopped === null ? 0 : 1;
    }
  }
  console.error("The reply ended without a summary.");
  return 1;
}

process.exitCode = await audit();
