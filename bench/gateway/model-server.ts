// The mock model, in a thread of its own: raw sockets and bytes that were made before the first request.
// Law: as light as can be, since it shares the processor with what is measured; it speaks just enough HTTP for four known clients.
import { createServer, type Socket } from "node:net";
import { parentPort } from "node:worker_threads";
import { asksForStream, SCENARIOS, scenarioIn, type Pace } from "./scenarios.ts";
import { jsonReply, streamReply } from "./wire-bytes.ts";

interface Reply {
  readonly json: Buffer;
  /** of an un-paced stream one piece */
  readonly stream: readonly Buffer[];
  readonly pace: Pace | null;
  readonly tokens: number;
}

const NOT_FOUND = Buffer.from("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");

const REPLIES: ReadonlyMap<string, Reply> = new Map(
  SCENARIOS.map(({ name, tokens, pace }) => {
    const pieces = streamReply(tokens);
    const stream = pace === null ? [Buffer.concat(pieces)] : pieces;
    return [name, { json: jsonReply(tokens), stream, pace, tokens: tokens.length }];
  }),
);

/** Sends piece by piece at the times the pace names, whatever a late timer did to the piece before. */
function sendPaced(socket: Socket, pieces: readonly Buffer[], pace: Pace): void {
  const start = performance.now() + pace.firstTokenMilliseconds;
  let next = 0;
  const send = (): void => {
    if (socket.destroyed) return;
    while (next < pieces.length && performance.now() >= start + next * pace.tokenMilliseconds - 0.5) {
      socket.write(pieces[next] ?? "");
      next += 1;
    }
    if (next < pieces.length) setTimeout(send, Math.max(0, start + next * pace.tokenMilliseconds - performance.now()));
  };
  setTimeout(send, pace.firstTokenMilliseconds);
}

function answer(socket: Socket, body: string): void {
  const reply = REPLIES.get(scenarioIn(body) ?? "");
  if (reply === undefined) {
    socket.write(NOT_FOUND);
    return;
  }
  const { json, stream, pace, tokens } = reply;
  if (asksForStream(body)) {
    if (pace === null) socket.write(stream[0] ?? "");
    else sendPaced(socket, stream, pace);
    return;
  }
  // A whole answer is there when its last token is.
  if (pace === null) socket.write(json);
  else setTimeout(() => socket.write(json), pace.firstTokenMilliseconds + (tokens - 1) * pace.tokenMilliseconds);
}

/** Where the first request in `text` ends, and its body; null while it is incomplete. */
function completeRequest(text: string): { readonly body: string; readonly end: number } | null {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return null;
  const start = headEnd + 4;
  const head = text.slice(0, headEnd);
  if (/transfer-encoding: *chunked/i.test(head)) {
    const last = text.indexOf("\r\n0\r\n\r\n", start);
    // The framing stays in: only two fields are looked for, and both stand at the start or the end of a chunk.
    return last < 0 ? null : { body: text.slice(start, last), end: last + 7 };
  }
  const end = start + Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  return text.length < end ? null : { body: text.slice(start, end), end };
}

function serve(socket: Socket): void {
  socket.setNoDelay(true);
  let text = "";
  socket.on("data", (bytes: Buffer) => {
    text += bytes.toString("latin1");
    for (let request = completeRequest(text); request !== null; request = completeRequest(text)) {
      text = text.slice(request.end);
      answer(socket, request.body);
    }
  });
  socket.on("error", () => socket.destroy());
}

const server = createServer(serve);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  parentPort?.postMessage(typeof address === "object" && address !== null ? address.port : 0);
});
