// How large a Worker's heap is, asked of workerd's inspector while it works (chromedevtools.github.io/devtools-protocol,
// Runtime.getHeapUsage). Law: what is used, garbage included, since that is what a Worker's limit counts.
import { z } from "zod";

const targetsSchema = z.array(z.object({ webSocketDebuggerUrl: z.string() }));
const usageSchema = z.object({ result: z.object({ usedSize: z.number() }) });

const EVERY_MILLISECONDS = 200;

export interface HeapWatch {
  readonly peakBytes: () => number | null;
  readonly stop: () => void;
}

/** The address is the inspector's, as Miniflare gives it. */
export async function watchHeap(inspector: URL): Promise<HeapWatch> {
  const list = new URL("/json/list", inspector);
  list.protocol = "http:";
  const targets = targetsSchema.parse(await (await fetch(list)).json());
  let peak: number | null = null;
  const sockets = targets.map(({ webSocketDebuggerUrl }) => {
    const socket = new WebSocket(webSocketDebuggerUrl);
    let id = 0;
    socket.addEventListener("message", ({ data }) => {
      const usage = usageSchema.safeParse(JSON.parse(String(data)));
      if (usage.success) peak = Math.max(peak ?? 0, usage.data.result.usedSize);
    });
    const timer = setInterval(() => {
      if (socket.readyState !== WebSocket.OPEN) return;
      id += 1;
      socket.send(JSON.stringify({ id, method: "Runtime.getHeapUsage" }));
    }, EVERY_MILLISECONDS);
    return { socket, timer };
  });
  return {
    peakBytes: () => peak,
    stop: () => {
      for (const { socket, timer } of sockets) {
        clearInterval(timer);
        socket.close();
      }
    },
  };
}
