// As much of Cloudflare's API as wrangler asks for in a deployment, on the loopback interface. What is deployed is kept in memory;
// databases are SQLite, so migrations really run. Law: what wrangler asks for and is not here is a 404 that the test can see.
import { createServer, type IncomingMessage } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { Hono } from "hono";
import { z } from "zod";

const ACCOUNT = { id: "account-1", name: "Someone" };
const ONE_PAGE = { page: 1, per_page: 100, total_pages: 1, count: 1, total_count: 1 };
const nameSchema = z.object({ name: z.string() });
const querySchema = z.object({ sql: z.string() });
const secretSchema = z.object({ name: z.string(), text: z.string() });

interface Database {
  readonly uuid: string;
  readonly name: string;
  readonly sqlite: DatabaseSync;
}

function done(result: unknown): object {
  return { success: true, errors: [], messages: [], result, result_info: ONE_PAGE };
}

function failed(code: number, message: string): object {
  return { success: false, errors: [{ code, message }], messages: [], result: null };
}

export class FakeCloudflareApi {
  readonly databases: Database[] = [];
  readonly buckets: string[] = [];
  readonly queues: { readonly queue_id: string; readonly queue_name: string; readonly consumers: object[] }[] = [];
  readonly secrets = new Map<string, string>();
  /** the bodies of every upload of the Worker */
  readonly uploads: string[] = [];
  readonly unknown: string[] = [];
  readonly app = new Hono();

  constructor() {
    this.#users();
    this.#resources();
    this.#worker();
    this.app.all("*", (context) => {
      this.unknown.push(`${context.req.method} ${context.req.path}`);
      return context.json(failed(7003, "unknown"), 404);
    });
  }

  #users(): void {
    this.app.get("/user/tokens/verify", (context) => context.json(done({ id: "token", status: "active" })));
    this.app.get("/user", (context) => context.json(done({ email: "someone@example.test" })));
    this.app.get("/accounts", (context) => context.json(done([ACCOUNT])));
    this.app.get("/memberships", (context) => context.json(done([{ id: "membership", account: ACCOUNT }])));
  }

  #resources(): void {
    const { app } = this;
    const d1 = "/accounts/:account/d1/database";
    const found = (key: string): Database | undefined =>
      this.databases.find(({ uuid, name }) => [uuid, name].includes(key));
    app.get(d1, (context) => context.json(done(this.databases.map(({ uuid, name }) => ({ uuid, name })))));
    app.post(d1, async (context) => {
      const { name } = nameSchema.parse(await context.req.json());
      if (found(name) !== undefined) return context.json(failed(7502, "exists"), 400);
      const uuid = `00000000-0000-4000-8000-00000000000${this.databases.length}`;
      this.databases.push({ uuid, name, sqlite: new DatabaseSync(":memory:") });
      return context.json(done({ uuid, name }));
    });
    app.get(`${d1}/:key`, (context) => {
      const database = found(context.req.param("key"));
      if (database === undefined) return context.json(failed(7404, "not found"), 404);
      return context.json(done({ uuid: database.uuid, name: database.name, version: "production" }));
    });
    app.post(`${d1}/:key/query`, async (context) => {
      const { sql } = querySchema.parse(await context.req.json());
      const sqlite = found(context.req.param("key"))?.sqlite;
      const results = /^\s*select/i.test(sql) ? sqlite?.prepare(sql).all() : sqlite?.exec(sql);
      return context.json(done([{ success: true, results: results ?? [], meta: { duration: 1 } }]));
    });

    const r2 = "/accounts/:account/r2/buckets";
    const bucket = (name: string): object => ({ name, creation_date: "2026-01-01T00:00:00.000Z" });
    app.get(r2, (context) => context.json(done({ buckets: this.buckets.map(bucket) })));
    app.post(r2, async (context) => {
      const { name } = nameSchema.parse(await context.req.json());
      this.buckets.push(name);
      return context.json(done(bucket(name)));
    });
    app.get(`${r2}/:name`, (context) =>
      this.buckets.includes(context.req.param("name"))
        ? context.json(done(bucket(context.req.param("name"))))
        : context.json(failed(10006, "The specified bucket does not exist."), 404),
    );

    const queues = "/accounts/:account/queues";
    app.get(queues, (context) => {
      const names = context.req.queries("name") ?? [];
      return context.json(done(this.queues.filter(({ queue_name }) => names.includes(queue_name))));
    });
    app.post(queues, async (context) => {
      const { queue_name } = z.object({ queue_name: z.string() }).parse(await context.req.json());
      const queue = { queue_id: `queue-${this.queues.length}`, queue_name, consumers: [] };
      this.queues.push(queue);
      return context.json(done(queue));
    });
    app.on(["POST", "PUT"], [`${queues}/:id/consumers`, `${queues}/:id/consumers/:consumer`], (context) => {
      const queue = this.queues.find(({ queue_id }) => queue_id === context.req.param("id"));
      const consumer = { type: "worker", script: "setback", consumer_id: "consumer" };
      if (queue?.consumers.length === 0) queue.consumers.push(consumer);
      return context.json(done(consumer));
    });
  }

  #worker(): void {
    const { app } = this;
    const script = "/accounts/:account/workers/scripts/setback";
    const missing = failed(10007, "This Worker does not exist on your account.");
    const exists = (): boolean => this.uploads.length > 0;
    app.get("/accounts/:account/workers/services/setback", (context) =>
      exists()
        ? context.json(
            done({ id: "setback", default_environment: { environment: "production", script: { tag: "tag" } } }),
          )
        : context.json(failed(10090, "workers.api.error.service_not_found"), 404),
    );
    app.get(`${script}/secrets`, (context) => {
      if (!exists()) return context.json(missing, 404);
      return context.json(done([...this.secrets.keys()].map((name) => ({ name, type: "secret_text" }))));
    });
    app.put(`${script}/secrets`, async (context) => {
      const { name, text } = secretSchema.parse(await context.req.json());
      this.secrets.set(name, text);
      return context.json(done({ name, type: "secret_text" }));
    });
    app.get(`${script}/settings`, (context) =>
      exists() ? context.json(done({ bindings: [] })) : context.json(missing, 404),
    );
    app.put(script, async (context) => {
      this.uploads.push(await context.req.text());
      return context.json(done({ id: "setback", startup_time_ms: 1, etag: "etag", deployment_id: "deployment" }));
    });
    app.post(`${script}/versions`, async (context) => {
      this.uploads.push(await context.req.text());
      return context.json(done({ id: "version", startup_time_ms: 1, resources: { script: { etag: "etag" } } }));
    });
    const deployment = { id: "deployment", source: "wrangler", versions: [{ version_id: "version", percentage: 100 }] };
    app.get(`${script}/deployments`, (context) => context.json(done({ deployments: exists() ? [deployment] : [] })));
    app.post(`${script}/deployments`, (context) => context.json(done(deployment)));
    app.patch(`${script}/script-settings`, (context) => context.json(done({})));
    app.put(`${script}/schedules`, (context) => context.json(done({ schedules: [] })));
    app.all(`${script}/subdomain`, (context) => context.json(done({ enabled: true, previews_enabled: false })));
    app.get("/accounts/:account/workers/subdomain", (context) => context.json(done({ subdomain: "someone" })));
    app.get("/accounts/:account/workers/workers/setback", (context) =>
      context.json(done({ id: "setback", name: "setback", subdomain: { enabled: true, previews_enabled: false } })),
    );
    app.get("/accounts/:account/workflows/:name", (context) =>
      exists()
        ? context.json(done({ name: context.req.param("name"), script_name: "setback" }))
        : context.json(failed(10200, "workflow.not_found"), 404),
    );
    app.put("/accounts/:account/workflows/:name", (context) => context.json(done({ id: "workflow" })));
  }
}

/** Its address, and how to end it. */
export async function serve({ app }: FakeCloudflareApi): Promise<{ readonly url: string; readonly stop: () => void }> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const method = request.method ?? "GET";
      const body = ["GET", "HEAD"].includes(method) ? null : await bytesOf(request);
      const headers = { "content-type": request.headers["content-type"] ?? "" };
      const asked = new Request(`http://api.test${request.url ?? "/"}`, { method, body, headers });
      const reply = await app.fetch(asked);
      response.writeHead(reply.status, { "content-type": "application/json" }).end(await reply.text());
    };
    answer().catch((cause: unknown) => response.destroy(cause instanceof Error ? cause : new Error(String(cause))));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the API has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bytesOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) if (Buffer.isBuffer(piece)) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}
