// `npm run replay` against a scripted gateway: page after page, bounded, each letter seen once, an error told.
import { expect, it } from "vitest";
import { z } from "zod";
import { replayAll } from "../../../scripts/replay/replay-all.ts";

const askedSchema = z.object({ limit: z.int(), after: z.string().nullable(), dry_run: z.boolean() });

function gateway(letters: number, status = 200) {
  const asked: z.infer<typeof askedSchema>[] = [];
  const answer: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const order = askedSchema.parse(await request.json());
    asked.push(order);
    expect(request.headers.get("authorization")).toBe("Bearer the-key");
    if (status !== 200) return Response.json({ error: { code: "operator_only" } }, { status });
    const from = order.after === null ? 0 : Number(order.after);
    const seen = Math.min(order.limit, letters - from);
    const next = seen < order.limit ? null : String(from + seen);
    return Response.json({ replayed: seen - (from === 0 ? 1 : 0), unreadable: from === 0 ? 1 : 0, refused: 0, next });
  };
  const run = async (limit: number) =>
    await replayAll({ url: "http://gateway.test", key: "the-key", limit, isRehearsal: true, fetch: answer });
  return { asked, run };
}

it("asks for one page after another until there is none", async () => {
  const { asked, run } = gateway(250);
  expect(await run(10_000)).toEqual({ replayed: 249, unreadable: 1, refused: 0, hasMore: false });
  expect(asked.map(({ after }) => after)).toEqual([null, "100", "200"]);
  expect(asked.every(({ dry_run: rehearsal }) => rehearsal)).toBe(true);
});

it("looks at no more letters than it may", async () => {
  const { asked, run } = gateway(500);
  expect(await run(150)).toMatchObject({ replayed: 149, hasMore: true });
  expect(asked.map(({ limit }) => limit)).toEqual([100, 50]);
});

it("tells what the gateway refuses", async () => {
  await expect(gateway(1, 403).run(10)).rejects.toThrow("operator_only");
});
