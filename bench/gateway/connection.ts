// One keep-alive connection of the load generator. Law: one exchange at a time; a connection that broke is opened again.
import { connect, type Socket } from "node:net";
import { Dechunker, ReplyReader, VisibleText } from "./body-readers.ts";

export interface Arrival {
  readonly atMilliseconds: number;
  readonly text: string;
}

export interface Exchange {
  readonly status: number;
  /** since the request was sent; null where no text came */
  readonly firstTextMilliseconds: number | null;
  readonly endMilliseconds: number;
  readonly tail: string;
  /** what became visible, and when; empty unless asked for */
  readonly arrivals: readonly Arrival[];
  readonly finishReason: string | null;
}

const TIMEOUT_MILLISECONDS = 60_000;

export class Connection {
  readonly #port: number;
  #socket: Socket | null = null;

  constructor(port: number) {
    this.#port = port;
  }

  async #open(): Promise<Socket> {
    if (this.#socket !== null && !this.#socket.destroyed) return this.#socket;
    const socket = connect(this.#port, "127.0.0.1");
    socket.setNoDelay(true);
    this.#socket = socket;
    return await new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        socket.on("error", () => socket.destroy());
        resolve(socket);
      });
    });
  }

  /** `careful`: note every arrival of visible text. */
  async exchange(request: Buffer, careful: boolean): Promise<Exchange> {
    const socket = await this.#open();
    return await new Promise((resolve, reject) => {
      const reader = new ReplyReader();
      const dechunker = new Dechunker();
      const visible = new VisibleText();
      const arrivals: Arrival[] = [];
      let first: number | null = null;
      const start = performance.now();
      const over = (): void => {
        clearTimeout(timer);
        socket.off("data", onData);
        socket.off("close", onClose);
      };
      const onClose = (): void => {
        over();
        reject(new Error("the connection was closed"));
      };
      const timer = setTimeout(() => socket.destroy(), TIMEOUT_MILLISECONDS);
      const onData = (piece: Buffer): void => {
        const atMilliseconds = performance.now() - start;
        const { body, done } = reader.push(piece);
        if (first === null && reader.sawText) first = atMilliseconds;
        if (careful && body.length > 0) {
          const bytes = body.toString("latin1");
          const text = visible.push(reader.chunked ? dechunker.push(bytes) : bytes);
          if (text !== "") arrivals.push({ atMilliseconds, text });
        }
        if (!done) return;
        over();
        resolve({
          status: reader.status,
          firstTextMilliseconds: first,
          endMilliseconds: atMilliseconds,
          tail: reader.tail,
          arrivals,
          finishReason: visible.finishReason,
        });
      };
      socket.on("data", onData);
      socket.on("close", onClose);
      socket.write(request);
    });
  }

  close(): void {
    this.#socket?.destroy();
  }
}
