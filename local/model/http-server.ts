// The local server's routes: models, chat completions, scores. Law: every failure is OpenAI's error object, and a client that
// leaves stops its own work.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { completeChat, streamChat } from "./chat-completion.ts";
import { readChatRequest, readScoreRequest } from "./chat-request.ts";
import { EventStream } from "./event-stream.ts";
import { readJsonBody } from "./request-body.ts";
import { RequestProblem } from "./request-problem.ts";
import { RequestQueue } from "./request-queue.ts";
import { scoreContinuation } from "./score.ts";
import type { ModelCatalogue, TextModel } from "./text-model.ts";

const MOST_WAITING = 256;

export interface ServerOptions {
  readonly parallel: number;
  readonly mostWaiting?: number;
  readonly logError: (cause: unknown) => void;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
}

type Handler = (exchange: Exchange) => Promise<void>;

export function createModelServer(catalogue: ModelCatalogue, options: ServerOptions): Server {
  const queue = new RequestQueue(options.parallel, options.mostWaiting ?? MOST_WAITING);
  const routes = new Map<string, Handler>([
    [
      "GET /v1/models",
      async ({ response }) => {
        sendJson(response, 200, { object: "list", data: (await catalogue.list()).map(toListing) });
      },
    ],
    [
      "POST /v1/chat/completions",
      async ({ request, response, signal }) => {
        const chat = readChatRequest(await readJsonBody(request));
        const task = { model: await findModel(catalogue, chat.model), request: chat, queue, signal };
        if (chat.stream) await streamChat(task, new EventStream(response));
        else sendJson(response, 200, await completeChat(task));
      },
    ],
    [
      "POST /v1/score",
      async ({ request, response, signal }) => {
        const asked = readScoreRequest(await readJsonBody(request));
        const model = await findModel(catalogue, asked.model);
        sendJson(response, 200, await scoreContinuation(model, asked, queue, signal));
      },
    ],
  ]);
  return createServer((request, response) => {
    void answer(routes, request, response, options.logError);
  });
}

async function answer(
  routes: ReadonlyMap<string, Handler>,
  request: IncomingMessage,
  response: ServerResponse,
  logError: (cause: unknown) => void,
): Promise<void> {
  const left = new AbortController();
  response.on("close", () => {
    if (!response.writableFinished) left.abort();
  });
  try {
    const path = new URL(request.url ?? "/", "http://local").pathname;
    const route = `${request.method ?? "GET"} ${path}`;
    const handler = routes.get(route);
    if (handler === undefined) throw new RequestProblem(404, `There is no ${route} here.`, "not_found");
    await handler({ request, response, signal: left.signal });
  } catch (cause) {
    if (left.signal.aborted) return;
    const known = cause instanceof RequestProblem;
    if (!known) logError(cause);
    sendProblem(response, known ? cause : new RequestProblem(500, "The local model failed.", "internal_error"));
  }
}

async function findModel(catalogue: ModelCatalogue, name: string): Promise<TextModel> {
  const model = await catalogue.find(name);
  if (model !== undefined) return model;
  const names = (await catalogue.list()).map((listing) => listing.name).join(", ");
  const message = `The model "${name}" does not exist here. There is: ${names}.`;
  throw new RequestProblem(404, message, "model_not_found", "model");
}

function toListing({ name, createdSeconds }: { name: string; createdSeconds: number }): object {
  return { id: name, object: "model", created: createdSeconds, owned_by: "local" };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}

/** After the first byte of a stream the status is gone, so the problem becomes the last event. */
function sendProblem(response: ServerResponse, problem: RequestProblem): void {
  if (response.headersSent) {
    const stream = new EventStream(response);
    stream.send(problem.toBody());
    response.end();
    return;
  }
  if (problem.status === 413) response.setHeader("connection", "close");
  sendJson(response, problem.status, problem.toBody());
}
