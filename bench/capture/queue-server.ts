// A queue that is elsewhere, in a thread of its own: takes each message whole, then says so. Law: as light as can be, since it shares
// the processor with what is measured; in production a queue is another machine's work.
import { createServer, type Socket } from "node:net";
import { parentPort } from "node:worker_threads";

const TAKEN = Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
const END_OF_HEAD = "\r\n\r\n";

function serve(socket: Socket): void {
  socket.setNoDelay(true);
  let text = "";
  socket.on("data", (bytes: Buffer) => {
    text += bytes.toString("latin1");
    for (;;) {
      const head = text.indexOf(END_OF_HEAD);
      if (head < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
      const end = head + END_OF_HEAD.length + length;
      if (text.length < end) return;
      text = text.slice(end);
      socket.write(TAKEN);
    }
  });
  socket.on("error", () => socket.destroy());
}

const server = createServer(serve);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  parentPort?.postMessage(typeof address === "object" && address !== null ? address.port : 0);
});
