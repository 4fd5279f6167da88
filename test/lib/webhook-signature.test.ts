// Signatures as Standard Webhooks has them: known ones, and that nothing else verifies.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { webhookHeaders } from "../../src/lib/webhook-signature.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const at = (seconds: number) => (): number => seconds * 1_000 + 999;

describe("webhookHeaders", () => {
  it("signs as the standard's libraries do", async () => {
    const message = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", body: '{"test": 2432232314}' };
    expect(await webhookHeaders(message, SECRET, at(1_614_265_330))).toEqual({
      "webhook-id": message.id,
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  it("takes any other key as it is", async () => {
    const sign = async (secret: string) =>
      (await webhookHeaders({ id: "a", body: "b" }, secret, at(1)))["webhook-signature"];
    const signatures = await Promise.all(
      ["plain", "whsec_plain", "whsec_", "whsec_cGxhaW4", "whsec_cGxhaQ=="].map(sign),
    );
    expect(new Set(signatures).size).toBe(5);
    expect(await sign("whsec_cGxhaW4=")).toBe(signatures[0]);
  });

  it("signs id, time and body: each changed is another signature", async () => {
    const text = fc.string({ unit: "binary", maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(text, text, async (left, right) => {
        fc.pre(left.toWellFormed() !== right.toWellFormed());
        const [one, other] = await Promise.all(
          [left, right].map(async (body) => await webhookHeaders({ id: "a", body }, "key", at(1))),
        );
        expect(one?.["webhook-signature"]).not.toBe(other?.["webhook-signature"]);
      }),
      { numRuns: 30 },
    );
  });
});
