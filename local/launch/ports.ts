// Whether a port is free on the loopback interface. Law: asked before anything is installed or started, so the answer comes at once.
import { createServer } from "node:net";
import { errorCodeOf, StartProblem } from "../start-problem.ts";

export const LOOPBACK = "127.0.0.1";

export async function assertPortFree(port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, LOOPBACK, resolve);
    });
  } catch (cause) {
    const reason =
      errorCodeOf(cause) === "EADDRINUSE" ? "is taken" : `can't be used (${errorCodeOf(cause) ?? "unknown"})`;
    throw new StartProblem(`Port ${port} ${reason} on ${LOOPBACK}: free it, or choose another with SETBACK_PORT.`);
  } finally {
    server.close();
  }
}
