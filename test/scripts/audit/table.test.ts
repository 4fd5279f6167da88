// The table of an audit, and the command itself against a server that answers like the gateway.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { exchangeRows, faultRow, summaryLines } from "../../../scripts/audit/table.ts";
import { auditEntrySchema } from "../../../src/wire/audit-line.ts";

const verdict = {
  ...{ guardrail: "operator-rules", version: "1", side: "output", status: "flag", reason: null, score: 0.912 },
  ...{ threshold: 0.5, latency_ms: null, rationale: null },
  findings: [
    {
      ...{ rule: "refund", category: "custom:refund", message: "promises" },
      span: { location: "content", start: 10, end: 21 },
    },
  ],
} as const;
const exchange = {
  ...{ object: "audited_exchange", line: 3, id: "case\u001b[2J\n7", choice: 1, flagged: true },
  ...{ input: "allow", output: "block", verdicts: [verdict] },
} as const;
const summary = {
  ...{ object: "audit_summary", policy_version: "default-2", lines: 5, exchanges: 4, flagged: 1, refused: 1 },
  ...{ categories: { "custom:refund": 1 }, input_actions: { allow: 4 }, output_actions: { block: 1, allow: 3 } },
  stopped: null,
} as const;

const entry = auditEntrySchema.parse(exchange);
const end = auditEntrySchema.parse(summary);

describe("the table", () => {
  it("has a row for each finding, and no control character of the log", () => {
    if (entry.object !== "audited_exchange") throw new Error("unreachable");
    const [row, ...rest] = exchangeRows(entry);
    expect(rest).toEqual([]);
    expect(row?.split(/\s{1,}/)).toEqual(
      ["3.1", "case·[2J·7", "output", "block", "operator-rules", "/", "refund", "custom:refund", "0.91≥0.50"].concat(
        ...[["content", "10–21"]],
      ),
    );
    expect(exchangeRows({ ...entry, verdicts: [] })).toEqual([]);
  });

  it("says what could not be read, and sums up in at most twelve lines", () => {
    expect(faultRow({ object: "audit_fault", line: 9, path: "messages", message: "Required" })).toMatch(
      /^9 .*Required$/,
    );
    if (end.object !== "audit_summary") throw new Error("unreachable");
    const lines = summaryLines({ ...end, stopped: "It broke off." });
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines).toContain("1 flagged (25.0 %): custom:refund 1");
    expect(lines).toContain("answers: allow 3, block 1");
    expect(lines.at(-1)).toBe("It broke off.");
  });
});

describe("npm run audit", () => {
  const script = resolve(import.meta.dirname, "../../../scripts/audit.ts");
  const requests: { readonly url: string; readonly key: string; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    const parts: string[] = [];
    request.setEncoding("utf8");
    request.on("data", (part: string) => parts.push(part));
    request.on("end", () => {
      const key = request.headers.authorization ?? "";
      requests.push({ url: request.url ?? "", key, body: parts.join("") });
      response.writeHead(key === "Bearer good" ? 200 : 401, { "content-type": "application/jsonl" });
      response.end(key === "Bearer good" ? [exchange, summary].map((each) => JSON.stringify(each)).join("\n") : "no");
    });
  });
  let url = "";
  let folder = "";

  beforeAll(async () => {
    await new Promise<void>((done) => {
      server.listen(0, "127.0.0.1", done);
    });
    url = `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
    folder = await mkdtemp(join(tmpdir(), "audit-"));
    await writeFile(join(folder, "log.jsonl"), '{"messages":[]}\n');
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  const run = async (...parameters: readonly string[]): Promise<{ readonly code: number; readonly out: string }> => {
    const environment = { ...process.env, SETBACK_AUDIT_KEY: "" };
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [script, ...parameters], { env: environment });
      return { code: 0, out: stdout };
    } catch (caught) {
      const failed = z.looseObject({ code: z.number(), stderr: z.string() }).parse(caught);
      return { code: failed.code, out: failed.stderr };
    }
  };

  it("sends the file and prints what comes back", async () => {
    const file = join(folder, "log.jsonl");
    const { code, out } = await run(file, "--url", url, "--key", "good", "--judges");
    expect(code).toBe(0);
    expect(requests).toEqual([
      { url: "/v1/audits?only=flagged&judges=true", key: "Bearer good", body: '{"messages":[]}\n' },
    ]);
    expect(out).toContain("operator-rules / refund");
    expect(out.trimEnd().endsWith("policy default-2; nothing was stored")).toBe(true);
  });

  it("says what is wrong", async () => {
    expect(await run(join(folder, "log.jsonl"), "--url", url, "--key", "bad")).toMatchObject({
      code: 1,
      out: "401: no\n",
    });
    expect((await run()).code).toBe(2);
  });
});
