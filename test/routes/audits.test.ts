// POST /v1/audits on the real application: what would have been flagged in a log, and why; nothing of it is kept anywhere.
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { type AuditEntry, auditEntrySchema } from "../../src/wire/audit-line.ts";
import { createGateway, type AskOptions, type GatewayOptions } from "../setup/gateway.ts";
import { makeKey } from "../setup/keys.ts";
import { problemOf } from "../setup/problem.ts";
import { phraseGuardrail } from "../fakes/phrase-guardrail.ts";

const RULES = [{ id: "refund", phrase: "full refund", message: "promises a refund" }];
const POLICY = { operator_rules: RULES };
const question = { role: "user", content: "Can I return my lamp?" };
const FLAGGED = { id: "a", messages: [question], answer: "You get a full refund." };
const PASSED = { id: "b", messages: [question], answer: "Within 30 days." };

async function entriesOf(reply: Response): Promise<readonly AuditEntry[]> {
  expect(reply.status).toBe(200);
  expect(reply.headers.get("content-type")).toContain("application/jsonl");
  // workerd's text() warns of a type that does not begin with «text/».
  const text = new TextDecoder().decode(await reply.arrayBuffer());
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => auditEntrySchema.parse(JSON.parse(line)));
}

function open(options: GatewayOptions = { policy: POLICY }) {
  const gateway = createGateway(options);
  const post = async (body: string | object, query = "", type = "application/jsonl", asked: AskOptions = {}) =>
    await gateway.ask(`/v1/audits${query}`, { body, headers: { "content-type": type }, ...asked });
  const audit = async (lines: readonly unknown[], query = ""): Promise<readonly AuditEntry[]> =>
    await entriesOf(await post(lines.map((each) => JSON.stringify(each)).join("\n"), query));
  return { gateway, post, audit };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("an audit", () => {
  it("tells what would have been flagged, by which rule, where, and what would have been done", async () => {
    const [flagged, passed, summary] = await open().audit([FLAGGED, PASSED]);
    expect(flagged).toMatchObject({
      ...{ object: "audited_exchange", line: 1, id: "a", choice: 0, flagged: true, output: "block" },
      verdicts: [
        {
          ...{ guardrail: "operator-rules", side: "output", status: "flag" },
          findings: [{ rule: "refund", category: "custom:refund", span: { location: "content", start: 10, end: 21 } }],
        },
      ],
    });
    expect(passed).toMatchObject({ line: 2, id: "b", flagged: false, output: "allow", verdicts: [] });
    expect(summary).toMatchObject({
      ...{ object: "audit_summary", lines: 2, exchanges: 2, flagged: 1, refused: 0, stopped: null },
      ...{ categories: { "custom:refund": 1 }, output_actions: { block: 1, allow: 1 } },
    });
  });

  it("gives a score beside its threshold", async () => {
    const policy = { classifier: { input_threshold: null, output_threshold: 0 } };
    const [entry] = await open({ policy }).audit([PASSED]);
    const verdicts = entry?.object === "audited_exchange" ? entry.verdicts : [];
    const scored = verdicts.find(({ guardrail }) => guardrail === "edge-classifier");
    expect(scored).toMatchObject({ status: "flag", threshold: 0 });
    expect(scored?.score).toBeGreaterThan(0);
  });

  it("reads requests with their responses, each choice, and batches", async () => {
    const request = { model: "m", messages: [question] };
    const message = (content: string) => ({ index: 0, message: { role: "assistant", content }, finish_reason: "stop" });
    const response = { id: "chatcmpl-1", choices: [message(PASSED.answer), message(FLAGGED.answer)] };
    const entries = await open().audit([
      { request, response, id: "pair", status: 200 },
      { custom_id: "batch", request: { body: request }, response: { status_code: 200, body: response } },
      { request, response: null },
      { messages: [question, { role: "assistant", content: FLAGGED.answer }] },
      { messages: [question] },
    ]);
    const told = entries.flatMap((entry) =>
      entry.object === "audited_exchange" ? [[entry.line, entry.id, entry.choice, entry.flagged, entry.output]] : [],
    );
    expect(told).toEqual([
      [1, "pair", 0, false, "allow"],
      [1, "pair", 1, true, "block"],
      [2, "batch", 0, false, "allow"],
      [2, "batch", 1, true, "block"],
      [3, null, 0, false, null],
      [4, null, 0, true, "block"],
      [5, null, 0, false, null],
    ]);
  });

  it("tells which lines it can't read, and reads the rest", async () => {
    const { post } = open();
    const lines = ["{", JSON.stringify({ answer: "x" }), JSON.stringify({ request: {} }), JSON.stringify(FLAGGED)];
    const entries = await entriesOf(await post(lines.join("\n")));
    expect(entries).toMatchObject([
      { object: "audit_fault", line: 1, path: null },
      { object: "audit_fault", line: 2, path: "messages" },
      { object: "audit_fault", line: 3, path: "request.messages" },
      { object: "audited_exchange", line: 4 },
      { object: "audit_summary", lines: 4, refused: 3, exchanges: 1 },
    ]);
  });

  it("shows what is flagged alone, and counts all", async () => {
    const entries = await open().audit([PASSED, FLAGGED, PASSED], "?only=flagged");
    expect(entries).toMatchObject([{ line: 2 }, { object: "audit_summary", exchanges: 3, flagged: 1 }]);
  });

  it("takes JSON as well", async () => {
    const { post } = open();
    const reply = await post({ exchanges: [FLAGGED, 1] }, "", "application/json");
    expect(await entriesOf(reply)).toMatchObject([
      { line: 1, flagged: true },
      { object: "audit_fault", line: 2 },
      { object: "audit_summary" },
    ]);
  });

  it("goes by what a policy enforces, also while it only monitors", async () => {
    const [entry] = await open({ policy: { ...POLICY, monitor: true } }).audit([FLAGGED]);
    expect(entry).toMatchObject({ output: "block" });
  });

  it("asks judges only where it is told to, and few lines then", async () => {
    let asked = 0;
    const judge = {
      ...{ id: "judge", version: "1", sides: ["output"] as const, categories: ["S1"] },
      check: async () => {
        asked += 1;
        return await Promise.reject(new Error("no judge is there"));
      },
    };
    const options: GatewayOptions = {
      change: (services) => {
        const guardrails = { fast: [phraseGuardrail("full refund", "custom:refund")], slow: [judge] };
        return { ...services, completion: { ...services.completion, guardrails } };
      },
    };
    const { audit, post } = open(options);
    await audit([FLAGGED]);
    expect(asked).toBe(0);
    const [entry] = await audit([PASSED], "?judges=true");
    expect(asked).toBe(1);
    // An error is never a pass.
    expect(entry).toMatchObject({ output: "unavailable", verdicts: [{ guardrail: "judge", status: "error" }] });
    const many = Array.from({ length: 51 }, () => PASSED);
    expect((await post({ exchanges: many }, "?judges=true", "application/json")).status).toBe(400);
    const lines = await audit(many, "?judges=true");
    expect(lines.at(-2)).toMatchObject({ object: "audit_fault", line: 51 });
  });

  it("stores nothing: not a word of it is in any table, object, queue or log", async () => {
    const said: string[] = [];
    for (const method of ["log", "info", "warn", "error"] as const) {
      vi.spyOn(console, method).mockImplementation((...parts: readonly unknown[]) => {
        said.push(parts.map(String).join(" "));
      });
    }
    const { gateway, audit } = open();
    const word = "zebrafinch";
    const answer = `A full refund for the ${word}, says anna@${word}.example.`;
    const broken = `{"messages": "${word}"`;
    const entries = await audit([{ messages: [{ role: "user", content: word }], answer }, broken]);
    expect(entries).toHaveLength(3);
    await gateway.drainUsage();
    const queued = [gateway.captures, gateway.analyses, gateway.usage].map((queue) => queue.take());
    const names = await env.DB.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const tables = z.array(z.object({ name: z.string() })).parse(names.results);
    const kept: unknown[] = [queued.flat(), said];
    for (const { name } of tables.filter((each) => !each.name.startsWith("_cf_"))) {
      kept.push((await env.DB.prepare(`SELECT * FROM "${name}"`).all()).results);
    }
    const { objects } = await env.OBJECTS.list();
    for (const { key } of objects) kept.push(key, await (await env.OBJECTS.get(key))?.text());
    expect(tables.length).toBeGreaterThan(15);
    expect(JSON.stringify(kept)).not.toContain(word);
  });

  it("answers a line before it reads the next ones", async () => {
    const { gateway } = open();
    let sent = 0;
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          sent += 1;
          if (sent > 3_000) controller.close();
          else controller.enqueue(encoder.encode(`${JSON.stringify(PASSED)}\n`));
        },
      },
      { highWaterMark: 0 },
    );
    const reply = await gateway.send("/v1/audits", body);
    const reader = reply.body?.getReader();
    await reader?.read();
    expect(sent).toBeLessThan(20);
    await reader?.cancel();
    expect(sent).toBeLessThan(20);
  });
});

describe("who may audit, and with what", () => {
  it("is a reviewer", async () => {
    const { gateway, post } = open();
    const [{ key: review }, { key: chat }] = [await makeKey(gateway, "review"), await makeKey(gateway, "chat")];
    const body = JSON.stringify(PASSED);
    expect((await post(body, "", "application/jsonl", { key: review })).status).toBe(200);
    expect((await post(body, "", "application/jsonl", { key: chat })).status).toBe(403);
  });

  it("is told what else is wrong", async () => {
    const { post } = open();
    expect((await post("x", "", "text/plain")).status).toBe(415);
    expect((await post("{", "", "application/json")).status).toBe(400);
    expect((await post({ exchanges: [] }, "", "application/json")).status).toBe(400);
    expect((await problemOf(await post("1", "?only=some"))).type).toBe("invalid_request_error");
  });
});
