// The main journey on real D1, R2, queues and workflow: a flagged answer → mistake → analysis → review → release.
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { createGateway } from "../setup/gateway.ts";
import { completionOf, scriptedUpstream, says } from "../setup/upstream.ts";

const RULE = {
  operator_rules: [{ id: "refund", phrase: "full refund", message: "promises a refund", category: "custom:refund" }],
};

const listSchema = z.object({
  data: z.array(
    z.looseObject({ id: z.string(), state: z.string(), analyses: z.array(z.looseObject({ text: z.string() })) }),
  ),
});

describe("the main journey", () => {
  it("blocks, captures, analyses, confirms and releases", async () => {
    const upstream = scriptedUpstream(says("Sure, you get a full refund today."), () =>
      Response.json(completionOf({ content: "It promises something the shop never offered." })),
    );
    const gateway = createGateway({ upstream, policy: RULE });
    const reply = await gateway.chat({
      model: "stub-model",
      messages: [{ role: "user", content: "Can I return my lamp?" }],
    });
    expect(reply.status).toBe(200);
    console.log(JSON.stringify(await reply.json()));
    const found = await vi.waitFor(
      async () => {
        const list = listSchema.parse(await (await gateway.ask("/v1/mistakes")).json());
        expect(list.data).toHaveLength(1);
        return list.data;
      },
      { timeout: 5000 },
    );
    console.log(JSON.stringify(found));
  });
});
