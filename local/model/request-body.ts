// Reads a request's body as JSON. Law: never more than the limit in memory, and a bad body is the client's clear problem.
import type { IncomingMessage } from "node:http";
import { RequestProblem } from "./request-problem.ts";

export const MOST_BODY_BYTES = 20 * 1024 * 1024;

export async function readJsonBody(request: IncomingMessage, mostBytes = MOST_BODY_BYTES): Promise<unknown> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  // Not destroyed on a break: the socket must still carry the answer that says why.
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    if (!(piece instanceof Buffer)) continue;
    bytes += piece.length;
    if (bytes > mostBytes)
      throw new RequestProblem(413, `The body is larger than ${mostBytes} bytes.`, "request_too_large");
    pieces.push(piece);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(pieces).toString("utf8"));
    return body;
  } catch {
    throw new RequestProblem(400, "The body is not valid JSON.", "invalid_json");
  }
}
