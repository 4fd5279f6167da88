// The scripted model server behind the gateway. GET /asked?user=ID tells the tests what arrived for one `user`, and what was broken off.
// Law: it answers as OpenAI does, in JSON and as a stream, on the loopback interface alone.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { completionOf, piecesOf, type ScriptedRequest } from "./openai-answers.ts";
import { scriptFor, type Script } from "./scripts.ts";

const requestSchema = z.looseObject({
  model: z.string(),
  user: z.string().default(""),
  stream: z.boolean().default(false),
  stream_options: z.looseObject({ include_usage: z.boolean().default(false) }).optional(),
  messages: z.array(z.looseObject({ role: z.string() })),
});

interface Asked {
  readonly user: string;
  readonly body: unknown;
  brokenOff: boolean;
}

export async function startUpstream(): Promise<{ readonly url: string; readonly server: Server }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    answer(request, response, asked).catch((cause: unknown) => {
      response.destroy(cause instanceof Error ? cause : new Error(String(cause)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the upstream has no port");
  return { url: `http://127.0.0.1:${address.port}`, server };
}

async function answer(request: IncomingMessage, response: ServerResponse, asked: Asked[]): Promise<void> {
  const url = new URL(request.url ?? "/", "http://upstream.invalid");
  if (url.pathname === "/asked") {
    const found = asked.filter(({ user }) => user === url.searchParams.get("user"));
    sendJson(response, 200, found);
    return;
  }
  if (url.pathname.endsWith("/models")) {
    sendJson(response, 200, {
      object: "list",
      data: [{ id: "mild", object: "model", created: 1, owned_by: "setback" }],
    });
    return;
  }
  const body: unknown = JSON.parse(await textOf(request));
  const { model, user, stream, stream_options, messages } = requestSchema.parse(body);
  const entry: Asked = { user, body, brokenOff: false };
  asked.push(entry);
  response.on("close", () => {
    entry.brokenOff = !response.writableFinished;
  });
  const hasToolResult = messages.some(({ role }) => role === "tool");
  const script = scriptFor(model, hasToolResult);
  if (script === null) {
    sendJson(response, 404, { error: { message: `No script ${model}.`, type: "not_found", param: null, code: null } });
    return;
  }
  const includeUsage = stream_options?.include_usage === true;
  await play(script, { model, includeUsage }, stream, response);
}

async function play(
  script: Script,
  request: ScriptedRequest,
  stream: boolean,
  response: ServerResponse,
): Promise<void> {
  const { status, breaksAfterPieces, pauseMilliseconds = 0 } = script;
  const failed = status ?? (breaksAfterPieces !== undefined && !stream ? 500 : null);
  if (failed !== null) {
    sendJson(response, failed, { error: { message: "The script fails.", type: "scripted", param: null, code: null } });
    return;
  }
  const pieces = piecesOf(script, request);
  if (!stream) {
    await sleep(pauseMilliseconds * pieces.length);
    sendJson(response, 200, completionOf(script, request));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const [place, piece] of pieces.entries()) {
    if (response.destroyed) return;
    if (place === breaksAfterPieces) {
      response.end(
        'data: {"error":{"message":"The script breaks.","type":"server_error","param":null,"code":null}}\n\n',
      );
      return;
    }
    response.write(`data: ${JSON.stringify(piece)}\n\n`);
    if (pauseMilliseconds > 0) await sleep(pauseMilliseconds);
  }
  response.end("data: [DONE]\n\n");
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += String(piece);
  return text;
}
