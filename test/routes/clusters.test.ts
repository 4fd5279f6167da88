// /v1/clusters on the wire: the shapes, pages, orders, and nothing of another project.
import { describe, expect, it } from "vitest";
import { capturesInto } from "../fakes/poisoning.ts";
import { variantOf } from "../fixtures/near-duplicates.ts";
import { capturedMistake } from "../fixtures/records.ts";
import { anyNumber, errorSchema, idOf, listSchema, newCaller, walk, type Caller } from "./fixtures.ts";

/** Clusters of these sizes, the newest last. */
async function clustered(caller: Caller, sizes: readonly number[]): Promise<void> {
  for (const [topic, size] of sizes.entries()) {
    const mistakes = Array.from({ length: size }, (_, variant) =>
      capturedMistake(caller.projectId, {}, variantOf(topic, variant)),
    );
    await capturesInto(caller.gateway.services).insertCaptured(mistakes);
  }
}

describe("GET /v1/clusters", () => {
  it("shows clusters of two and more, and their mistakes by the list's own filter", async () => {
    const caller = await newCaller();
    await clustered(caller, [2, 1]);
    const { status, body } = await caller.json("/v1/clusters");
    expect(status).toBe(200);
    const cluster = { id: idOf("clu"), object: "cluster", size: 2, created_at: anyNumber, latest_at: anyNumber };
    expect(body).toEqual({ object: "list", data: [cluster], has_more: false, next_cursor: null });
    const [found] = listSchema.parse(body).data;
    const mistakes = listSchema.parse((await caller.json(`/v1/mistakes?cluster=${found?.id ?? ""}`)).body).data;
    expect(mistakes).toMatchObject([{ cluster: { id: found?.id, size: 2 } }, { cluster: { size: 2 } }]);
    expect(listSchema.parse((await caller.json("/v1/mistakes?cluster=clu_none")).body).data).toEqual([]);
  });

  it("pages in either order, each once", async () => {
    const caller = await newCaller();
    await clustered(caller, [3, 4, 2]);
    const sizesBy = async (order: string, limit: number): Promise<readonly unknown[]> => {
      const ids = await walk(caller, `/v1/clusters?order=${order}`, limit);
      const { data } = listSchema.parse((await caller.json("/v1/clusters")).body);
      return ids.map((id) => data.find((cluster) => cluster.id === id)?.["size"]);
    };
    for (const limit of [1, 2, 10]) {
      expect(await sizesBy("newest", limit)).toEqual([2, 4, 3]);
      expect(await sizesBy("largest", limit)).toEqual([4, 3, 2]);
    }
  });

  it("shows nothing of another project", async () => {
    await clustered(await newCaller(), [2]);
    const stranger = await newCaller();
    expect(listSchema.parse((await stranger.json("/v1/clusters")).body).data).toEqual([]);
  });

  it("refuses another order, and a key without the scope", async () => {
    const caller = await newCaller({}, ["chat"]);
    expect((await caller.json("/v1/clusters")).status).toBe(403);
    const reviewer = await newCaller();
    const { status, body } = await reviewer.json("/v1/clusters?order=oldest");
    expect(status).toBe(400);
    expect(errorSchema.parse(body).error.param).toBe("order");
  });
});
