// An HTTP server on a free loopback port for one test, gone afterwards.
import { once } from "node:events";
import type { Server } from "node:http";
import { onTestFinished } from "vitest";

export async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}
