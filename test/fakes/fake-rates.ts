// Request rates that allow so many requests, or fail, or never answer.
import type { RequestRates } from "../../src/access/request-rates.ts";

export class FakeRates implements RequestRates {
  readonly asked: (readonly [string, number])[] = [];
  left = Infinity;
  state: "up" | "down" | "silent" = "up";

  async allow(keyId: string, requestsPerMinute: number): Promise<boolean> {
    this.asked.push([keyId, requestsPerMinute]);
    if (this.state === "silent") await new Promise<never>(() => undefined);
    if (this.state === "down") await Promise.reject(new Error("the counter is away"));
    this.left -= 1;
    return this.left >= 0;
  }
}
