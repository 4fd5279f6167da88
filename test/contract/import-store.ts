// What every store of imported lines must do. Law: run on D1 and on the fake that other tests trust in its place.
import { beforeEach, describe, expect, it } from "vitest";
import type { ImportedLine, ImportStore } from "../../src/mistake/import-store.ts";
import { makeTestId, newProjectId } from "../fixtures/records.ts";

export function importStoreContract(name: string, make: () => ImportStore): void {
  describe(`${name} as a store of imported lines`, () => {
    let store: ImportStore;
    let project: string;

    beforeEach(() => {
      store = make();
      project = newProjectId();
    });

    const line = (hash: string): ImportedLine => {
      const flaggedCorrection = { text: "No.", isClean: false, verdicts: [] };
      return { hash, mistakeId: makeTestId("mis"), comment: "rude", flaggedCorrection };
    };

    it("claims a line once: its mistake keeps the first id", async () => {
      const [first, second, third] = [line("a"), line("a"), line("b")];
      expect(await store.claim(project, [first], 1)).toEqual(
        new Map([["a", { mistakeId: first.mistakeId, isStored: false }]]),
      );
      expect(await store.claim(project, [second, third], 2)).toEqual(
        new Map([
          ["a", { mistakeId: first.mistakeId, isStored: false }],
          ["b", { mistakeId: third.mistakeId, isStored: false }],
        ]),
      );
    });

    it("knows what is stored, and nothing that nobody claimed", async () => {
      const { mistakeId } = line("a");
      await store.claim(project, [{ ...line("a"), mistakeId }, line("b")], 1);
      await store.markStored(project, ["a"], 2);
      expect((await store.known(project, ["a", "c"])).get("a")).toEqual({ mistakeId, isStored: true });
      expect([...(await store.known(project, ["a", "c"])).keys()]).toEqual(["a"]);
      expect((await store.known(project, ["b"])).get("b")?.isStored).toBe(false);
    });

    it("takes hundreds at once", async () => {
      const lines = Array.from({ length: 500 }, (_, index) => line(`${index}`));
      expect((await store.claim(project, lines, 1)).size).toBe(500);
    });

    it("shows and gives nothing to another project", async () => {
      await store.claim(project, [line("a")], 1);
      const other = newProjectId();
      await store.markStored(other, ["a"], 2);
      expect((await store.known(other, ["a"])).size).toBe(0);
      expect((await store.known(project, ["a"])).get("a")?.isStored).toBe(false);
    });
  });
}
