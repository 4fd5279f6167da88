// Proves that a download goes on where it ended, on a real server that breaks off, refuses ranges, lies or falls silent.
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { download } from "../../../local/download/resumable-download.ts";
import { listening } from "../fakes/listening.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

const content = randomBytes(200_000);

/** Sends the range that was asked for, and breaks off after `most` bytes. */
function serving(ranges: (string | undefined)[], most = Infinity): RequestListener {
  return (request, response) => {
    ranges.push(request.headers.range);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const rest = content.subarray(from);
    const range = { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` };
    response.writeHead(from > 0 ? 206 : 200, { "content-length": rest.length, ...(from > 0 ? range : {}) });
    if (rest.length <= most) response.end(rest);
    else response.write(rest.subarray(0, most), () => response.destroy());
  };
}

async function prepare(
  listener: RequestListener,
): Promise<{ task: Parameters<typeof download>[0]; progress: number[] }> {
  const progress: number[] = [];
  const partialFile = join(await temporaryFolder(), "file.partial");
  const url = await listening(createServer(listener));
  return {
    progress,
    task: {
      url,
      partialFile,
      bytes: content.length,
      onProgress: (bytes) => progress.push(bytes),
      signal: new AbortController().signal,
    },
  };
}

describe("download", () => {
  it("fetches a file whole and tells how far it is", async () => {
    const { task, progress } = await prepare(serving([]));
    await download(task);
    expect(await readFile(task.partialFile)).toEqual(content);
    expect(progress.at(-1)).toBe(content.length);
    expect(progress).toEqual(progress.toSorted((left, right) => left - right));
  });

  it("asks only for what is missing after the connection broke", async () => {
    const ranges: (string | undefined)[] = [];
    const { task } = await prepare(serving(ranges, 80_000));
    await expect(download(task)).rejects.toThrow();
    const first = (await readFile(task.partialFile)).length;
    expect(first).toBeGreaterThan(0);
    await expect(download(task)).rejects.toThrow();
    await download(task);
    expect(ranges[1]).toBe(`bytes=${first}-`);
    expect(await readFile(task.partialFile)).toEqual(content);
  });

  it("ends when it is told to, and keeps what came", async () => {
    const stop = new AbortController();
    const { task } = await prepare((_, response) => {
      response.write(content.subarray(0, 50_000));
    });
    const onProgress = (bytes: number): void => {
      if (bytes >= 50_000)
        setTimeout(() => {
          stop.abort();
        }, 50);
    };
    await expect(download({ ...task, onProgress, signal: stop.signal })).rejects.toThrow();
    expect(await readFile(task.partialFile)).toEqual(content.subarray(0, 50_000));
  });

  it("asks for nothing when all is there", async () => {
    const ranges: (string | undefined)[] = [];
    const { task } = await prepare(serving(ranges));
    await writeFile(task.partialFile, content);
    await download(task);
    expect(ranges).toEqual([]);
  });

  it("begins anew where the server knows no ranges, or the partial file is too long", async () => {
    const { task } = await prepare((_, response) => response.end(content));
    for (const rubbish of [randomBytes(1000), randomBytes(content.length + 1)]) {
      await writeFile(task.partialFile, rubbish);
      await download(task);
      expect(await readFile(task.partialFile)).toEqual(content);
    }
  });

  it.each<[string, RequestListener, RegExp]>([
    ["a status", (_, response) => response.writeHead(404).end(), /status 404/],
    ["too little", (_, response) => response.end(content.subarray(0, 10)), /10 of 200000 bytes/],
    ["too much", (_, response) => response.end(Buffer.concat([content, content])), /more than the file/],
    ["silence", () => undefined, /sent nothing/],
    [
      "another place",
      (_, response) => response.writeHead(206, { "content-range": "bytes 5-9/10" }).end(),
      /another place/,
    ],
  ])("fails on %s", async (_, listener, reason) => {
    const { task } = await prepare(listener);
    await writeFile(task.partialFile, "ab");
    await expect(download({ ...task, patienceMs: 200 })).rejects.toThrow(reason);
  });
});
