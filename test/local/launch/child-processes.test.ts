// Proves that no process outlives `npm start`, not even the children of its children.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ChildProcesses } from "../../../local/launch/child-processes.ts";
import { waitUntilAnswers } from "../../../local/launch/readiness.ts";

const node = process.execPath;
const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Starts a grandchild, tells its number, and both would last for ever. */
const FAMILY = `
const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
console.log(child.pid);
setInterval(() => {}, 1000);
`;

async function startFamily(processes: ChildProcesses, code: string): Promise<{ child: number; grandchild: number }> {
  const { child } = processes.start(node, ["-e", code], { stdio: ["ignore", "pipe", "ignore"] });
  const grandchild = await new Promise<number>((resolve) => {
    child.stdout?.once("data", (text) => {
      resolve(Number(text));
    });
  });
  return { child: child.pid ?? 0, grandchild };
}

describe.skipIf(process.platform === "win32")("ChildProcesses", () => {
  it("ends a child and its children", async () => {
    const processes = new ChildProcesses();
    const { child, grandchild } = await startFamily(processes, FAMILY);
    expect([lives(child), lives(grandchild)]).toEqual([true, true]);
    await processes.stopAll();
    await expect.poll(() => [lives(child), lives(grandchild)]).toEqual([false, false]);
  });

  it("ends children that their parent left behind", async () => {
    const processes = new ChildProcesses();
    const { grandchild } = await startFamily(processes, `${FAMILY} setTimeout(() => process.exit(0), 100);`);
    await sleep(300);
    await processes.stopAll();
    await expect.poll(() => lives(grandchild)).toBe(false);
  });

  it("runs to the end and gives code and output", async () => {
    const finished = await new ChildProcesses().run(node, [
      "-e",
      "console.log('out'); console.error('err'); process.exit(3)",
    ]);
    expect(finished).toMatchObject({ code: 3, missing: false });
    expect(finished.output).toContain("out");
    expect(finished.output).toContain("err");
  });

  it("knows a command that is not there", async () => {
    expect(await new ChildProcesses().run("no-such-command-here", [])).toMatchObject({ code: null, missing: true });
  });

  it("starts nothing more once it is stopping", async () => {
    const processes = new ChildProcesses();
    await processes.stopAll();
    expect(() => processes.start(node, ["-e", ""], {})).toThrow("stopping");
  });
});

describe("waitUntilAnswers", () => {
  it("says at once that the server died, and how", async () => {
    const dead = new ChildProcesses().start(node, ["-e", "process.exit(7)"], { stdio: "ignore" });
    const waiting = waitUntilAnswers("The Worker", "http://127.0.0.1:1/", dead, 30_000);
    await expect(waiting).rejects.toThrow("The Worker ended with code 7.");
  });

  it.each(["invalid_policy", "bad_setting"])(
    "tells what the server can't take, instead of waiting: %s",
    async (code) => {
      const processes = new ChildProcesses();
      const message = "SETBACK_POLICY: feedback.origins: is missing";
      const server = createServer((_, response) => {
        response.writeHead(500).end(JSON.stringify({ error: { code, message } }));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      const port = typeof address === "object" ? address?.port : undefined;
      const silent = processes.start(node, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
      const waiting = waitUntilAnswers("The Worker", `http://127.0.0.1:${String(port)}/`, silent, 30_000);
      await expect(waiting).rejects.toThrow(`The Worker can't start: ${message}`);
      server.close();
      await processes.stopAll();
    },
  );

  it("gives up after its patience", async () => {
    const processes = new ChildProcesses();
    const silent = processes.start(node, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    await expect(waitUntilAnswers("It", "http://127.0.0.1:1/", silent, 300)).rejects.toThrow("did not answer");
    await processes.stopAll();
  });
});
