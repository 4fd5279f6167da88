// Proves that `npm start` ends with one sentence and code 1 where it can't begin.
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ChildProcesses } from "../../local/launch/child-processes.ts";
import { listening } from "./fakes/listening.ts";

const script = join(import.meta.dirname, "../../local/start.mjs");
const start = async (
  environment: NodeJS.ProcessEnv,
  ...nodeArguments: string[]
): Promise<{ code: number | null; output: string }> =>
  await new ChildProcesses().run(process.execPath, [...nodeArguments, script], {
    env: { ...process.env, ...environment },
  });

describe("npm start", () => {
  it("says that its port is taken", async () => {
    const { port } = new URL(await listening(createServer()));
    const finished = await start({ SETBACK_PORT: port });
    expect(finished).toMatchObject({
      code: 1,
      output: `Port ${port} is taken on 127.0.0.1: free it, or choose another with SETBACK_PORT.\n`,
    });
  });

  it("says that a setting is bad", async () => {
    const finished = await start({ SETBACK_PORT: "x" });
    expect(finished).toMatchObject({ code: 1, output: 'SETBACK_PORT must be a port between 1 and 65535, not "x".\n' });
  });

  it("says which Node it needs before it reads a line of TypeScript", async () => {
    const older = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.19.0"})';
    const finished = await start({}, "--import", older);
    expect(finished.code).toBe(1);
    expect(finished.output).toMatch(/^Setback needs Node 22\.18 or newer, and this is 20\.19\.0: run "npm install"/);
  });
});
