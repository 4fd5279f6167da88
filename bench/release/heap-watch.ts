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

/** The address is the inspector's, as Miniflare gives it. Asked anew wherever the inspector hung up: a busy Worker lets it wait too long. */
export async function watchHeap(inspector: URL): Promise<HeapWatch> {
  let peak: number | null = null;
  let sockets = await connect(inspector, (bytes) => (peak = Math.max(peak ?? 0, bytes)));
  let isConnecting = false;
  let id = 0;
  const timer = setInterval(() => {
    const open = sockets.filter(({ readyState }) => readyState === WebSocket.OPEN);
    for (const socket of open) socket.send(JSON.stringify({ id: (id += 1), method: "Runtime.getHeapUsage" }));
    const isLost = sockets.every(({ readyState }) => readyState === WebSocket.CLOSED);
    if (!isLost || isConnecting) return;
    isConnecting = true;
    connect(inspector, (bytes) => (peak = Math.max(peak ?? 0, bytes)))
      .then((found) => (sockets = found))
      .catch(() => undefined)
      .finally(() => (isConnecting = false));
  }, EVERY_MILLISECONDS);
  return {
    peakBytes: () => peak,
    stop: () => {
      clearInterval(timer);
      for (const socket of sockets) socket.close();
    },
  };
}

async function connect(inspector: URL, used: (bytes: number) => void): Promise<WebSocket[]> {
  const list = new URL("/json/list", inspector);
  list.protocol = "http:";
  const targets = targetsSchema.parse(await (await fetch(list)).json());
  return targets.map(({ webSocketDebuggerUrl }) => {
    const socket = new WebSocket(webSocketDebuggerUrl);
    socket.addEventListener("message", ({ data }) => {
      const usage = usageSchema.safeParse(JSON.parse(String(data)));
      if (usage.success) used(usage.data.result.usedSize);
    });
    return socket;
  });
}
