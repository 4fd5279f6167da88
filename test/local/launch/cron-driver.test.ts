// Proves that the schedule is fired, never twice at once, and that its failures are told once.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { driveCrons } from "../../../local/launch/cron-driver.ts";
import { listening } from "../fakes/listening.ts";

async function drive(
  statusOf: (tick: number) => number,
  ticks: number,
  takesMs = 0,
): Promise<{ asked: string[]; logged: string[]; most: number }> {
  const asked: string[] = [];
  const logged: string[] = [];
  const stop = new AbortController();
  let running = 0;
  let most = 0;
  const server = createServer((request, response) => {
    most = Math.max(most, (running += 1));
    asked.push(request.url ?? "");
    void sleep(takesMs).then(() => {
      running -= 1;
      response.writeHead(statusOf(asked.length)).end();
      if (asked.length === ticks)
        setTimeout(() => {
          stop.abort();
        }, 20);
    });
  });
  const address = await listening(server);
  const log = (line: string): void => {
    logged.push(line);
  };
  await driveCrons({ crons: ["* * * * *"], address, periodMilliseconds: 1, signal: stop.signal, log });
  return { asked, logged, most };
}

describe("driveCrons", () => {
  it("asks wrangler's address for each tick, one after the other", async () => {
    const { asked, logged, most } = await drive(() => 200, 3, 10);
    expect(asked[0]).toBe("/cdn-cgi/local/scheduled?cron=*%20*%20*%20*%20*");
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(logged).toEqual([]);
    expect(most).toBe(1);
  });

  it("tells when it begins to fail and when it works again", async () => {
    const { logged } = await drive((tick) => (tick === 2 || tick === 3 ? 500 : 200), 5);
    expect(logged).toEqual([
      "The schedule could not be fired: * * * * * gave status 500.",
      "The schedule works again.",
    ]);
  });
});
