// POST /v1/mistakes/import on the real application: what is stored, what is refused and told, and that the same again is nothing new.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { importReportSchema } from "../../src/wire/import-line.ts";
import { mistakeWireSchema } from "../../src/wire/mistake.ts";
import { createGateway, type GatewayOptions } from "../setup/gateway.ts";
import { problemOf } from "../setup/problem.ts";

const RULES = [{ id: "refund", phrase: "full refund", message: "promises a refund" }];
const line = (changes: object = {}): object => ({
  messages: [{ role: "user", content: "What is the capital of France?" }],
  ...{ answer: "Lyon.", category: "incorrect", ...changes },
});
const numbered = (index: number): object => line({ answer: `Lyon, and not Paris, says number ${index}.` });

type Report = z.infer<typeof importReportSchema>;

const madeSchema = z.looseObject({ id: z.string() });
const keySchema = z.looseObject({ key: z.string() });

async function open(options: GatewayOptions = {}) {
  const gateway = createGateway({ policy: { operator_rules: RULES }, ...options });
  const project = await gateway.ask("/v1/projects", { body: { name: "an archive" } });
  const { id: project_id } = madeSchema.parse(await project.json());
  const keyOf = async (scope: string): Promise<string> => {
    const made = await gateway.ask("/v1/keys", { body: { name: "a key", scopes: [scope], project_id } });
    return keySchema.parse(await made.json()).key;
  };
  const key = await keyOf("admin");
  const post = async (body: string, query = "", type = "application/jsonl", as = key): Promise<Response> =>
    await gateway.ask(`/v1/mistakes/import${query}`, { body, key: as, headers: { "content-type": type } });
  const send = async (lines: readonly object[], query = ""): Promise<Report> => {
    const reply = await post(lines.map((each) => JSON.stringify(each)).join("\n"), query);
    expect(reply.status, await reply.clone().text()).toBe(200);
    return importReportSchema.parse(await reply.json());
  };
  const stored = async (limit = 100): Promise<readonly z.infer<typeof mistakeWireSchema>[]> => {
    const reply = await gateway.ask(`/v1/mistakes?source=import&limit=${limit}`, { key });
    return z.object({ data: z.array(mistakeWireSchema) }).parse(await reply.json()).data;
  };
  return { gateway, project_id, keyOf, post, send, stored };
}

describe("an import", () => {
  it("makes mistakes of its lines, with what is said of them", async () => {
    const { send, stored, gateway } = await open();
    const report = await send([
      line({ id: "case-1", correction: "Paris.", model: "their-model", created_at: 1_600_000_000, comment: "Wrong." }),
      line({ answer: { role: "assistant", content: "Non." }, category: undefined, categories: ["S10", "offensive"] }),
      line({ category: undefined, kind: "over_refusal", answer: "I would rather not say." }),
    ]);
    expect(report).toMatchObject({
      dry_run: false,
      lines: 3,
      accepted: 3,
      duplicates: 0,
      refused_count: 0,
      refused: [],
    });
    const made = new Map((await stored()).map((each) => [each.answer, each]));
    expect(made.get("Lyon.")).toMatchObject({
      ...{ source: "import", state: "captured", kind: "incorrect", categories: ["incorrect"], action: "allow" },
      ...{ correction: "Paris.", model: "their-model", created_at: 1_600_000_000 },
    });
    expect(made.get("Non.")).toMatchObject({ kind: "harmful", categories: ["S10", "offensive"] });
    const refusal = { kind: "over_refusal", categories: ["custom:reported"] };
    expect(made.get("I would rather not say.")).toMatchObject(refusal);
    // On to their analyses, like any other mistake.
    expect(gateway.analyses.take()).toHaveLength(3);
  });

  it("knows its lines again, by their id or by their content", async () => {
    const { send, stored } = await open();
    await send([line({ id: "case-1" }), line({ answer: "Nice." })]);
    const again = await send([
      line({ id: "case-1", answer: "changed" }),
      line({ answer: "Nice." }),
      line({ id: "case-2", answer: "Lille." }),
    ]);
    expect(again).toMatchObject({ accepted: 1, duplicates: 2 });
    const twice = line({ id: "twice", answer: "Metz." });
    expect(await send([twice, twice])).toMatchObject({ accepted: 1, duplicates: 1 });
    expect((await stored()).map(({ answer }) => answer).toSorted()).toEqual(["Lille.", "Lyon.", "Metz.", "Nice."]);
  });

  it("tells what it would do, and does nothing of it", async () => {
    const { send, post, stored } = await open();
    await send([line({ id: "case-1" })]);
    const report = await send([line({ id: "case-1" }), line({ id: "case-2" }), { messages: [] }], "?dry_run=true");
    expect(report).toMatchObject({ dry_run: true, accepted: 1, duplicates: 1, refused_count: 1 });
    expect(await stored()).toHaveLength(1);
    expect(await send([line({ id: "case-2" })])).toMatchObject({ accepted: 1 });
    // What is no yes and no no is refused, instead of imported.
    expect((await post(JSON.stringify(line({ id: "case-3", answer: "Reims." })), "?dry_run=1")).status).toBe(400);
    expect(await stored()).toHaveLength(1);
  });

  it("redacts before it stores", async () => {
    const { send, stored, project_id } = await open();
    const messages = [{ role: "user", content: "I am anna.meier@shop.example" }];
    await send([line({ messages, comment: "ask anna.meier@shop.example", correction: "Ask anna.meier@shop.example" })]);
    const { results } = await env.DB.prepare("SELECT * FROM imported_lines WHERE project_id = ?")
      .bind(project_id)
      .all();
    expect(JSON.stringify([await stored(), results])).not.toContain("anna.meier");
  });

  it("keeps a correction that the guardrails flag from being one, with its verdicts", async () => {
    const { send, stored, project_id } = await open();
    const report = await send([
      line({ correction: "You get a full refund." }),
      line({ id: "b", correction: "Paris." }),
    ]);
    expect(report).toMatchObject({ accepted: 2, flagged_corrections: 1 });
    expect((await stored()).map(({ correction }) => correction).toSorted()).toEqual(["Paris.", null]);
    const { results } = await env.DB.prepare(
      "SELECT flagged_correction FROM imported_lines WHERE project_id = ? AND flagged_correction IS NOT NULL",
    )
      .bind(project_id)
      .all();
    expect(JSON.stringify(results)).toContain("full refund");
  });
});

describe("a report", () => {
  it("names the line, the place and the reason of what was refused, and imports the rest", async () => {
    const { post } = await open();
    const lines = [
      '{"messages": [',
      JSON.stringify(line({ unknown: 1 })),
      "",
      JSON.stringify(line({ category: "nonsense" })),
      JSON.stringify(line({ answer: "" })),
      JSON.stringify(line({ answer: { role: "assistant", content: null } })),
      JSON.stringify(line({ messages: [{ role: "nobody", content: "x" }] })),
      JSON.stringify(line({ answer: "x".repeat(300_000) })),
      JSON.stringify(line({ kind: "worse" })),
      JSON.stringify(line()),
    ];
    const reply = await post(lines.join("\r\n"));
    const report = importReportSchema.parse(await reply.json());
    expect(report).toMatchObject({ lines: 9, accepted: 1, refused_count: 8 });
    expect(report.refused.map(({ line: at, path }) => [at, path])).toEqual([
      [1, null],
      [2, ""],
      [4, "categories"],
      [5, "answer"],
      [6, "answer"],
      [7, "messages[0].role"],
      [8, null],
      [9, "kind"],
    ]);
  });

  it("names the first 1,000, and counts all", async () => {
    const { post } = await open();
    const reply = await post("{}\n".repeat(1_203));
    const report = importReportSchema.parse(await reply.json());
    expect([report.refused_count, report.refused.length]).toEqual([1_203, 1_000]);
  });
});

describe("two thousand lines", () => {
  it("are imported from a stream, and again are all duplicates", async () => {
    const { gateway, send, post } = await open();
    const lines = Array.from({ length: 2_000 }, (_, index) => JSON.stringify(numbered(index)));
    const reply = await post(lines.join("\n"));
    expect(importReportSchema.parse(await reply.json())).toMatchObject({
      lines: 2_000,
      accepted: 2_000,
      duplicates: 0,
    });
    const batch = lines.slice(1_000, 1_500).map((each) => z.looseObject({}).parse(JSON.parse(each)));
    expect(await send(batch)).toMatchObject({ accepted: 0, duplicates: 500 });
    expect(gateway.analyses.take()).toHaveLength(2_000);
  }, 120_000);
});

describe("an import that breaks off", () => {
  it("tells how far it came, and goes on when it is sent again", async () => {
    let left = 1;
    const { post, stored } = await open({
      change: (services) => {
        const { mistakes } = services.storing;
        const flaky = {
          insertCaptured: async (captured: Parameters<typeof mistakes.insertCaptured>[0]) => {
            left -= 1;
            if (left < 0) throw new Error("the database is away");
            await mistakes.insertCaptured(captured);
          },
        };
        return { ...services, storing: { ...services.storing, mistakes: flaky } };
      },
    });
    const body = Array.from({ length: 250 }, (_, index) => JSON.stringify(numbered(index))).join("\n");
    const failed = await post(body);
    expect(failed.status).toBe(503);
    const problem = await problemOf(failed);
    expect(problem).toMatchObject({ code: "import_stopped", report: { accepted: 200 } });
    left = 10;
    const report = importReportSchema.parse(await (await post(body)).json());
    expect(report).toMatchObject({ accepted: 50, duplicates: 200 });
    expect(new Set((await stored()).map(({ answer }) => answer)).size).toBe(100);
  });
});

describe("who may import, and what", () => {
  it("is an admin, with lines of JSON, under a policy that stores", async () => {
    const { keyOf, post } = await open();
    const body = JSON.stringify(line());
    expect((await post(body, "", "application/jsonl", await keyOf("review"))).status).toBe(403);
    for (const type of ["application/json", "text/plain"]) expect((await post(body, "", type)).status).toBe(415);
    for (const type of ["application/x-ndjson", "application/jsonl; charset=utf-8"]) {
      expect((await post(body, "", type)).status).toBe(200);
    }
    const closed = await open({ policy: { store: false } });
    expect((await problemOf(await closed.post(body))).type).toBe("conflict_error");
  });
});
