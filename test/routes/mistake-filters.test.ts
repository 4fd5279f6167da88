// What lists of mistakes and attacks can be narrowed to over the wire: each filter's values, alone and with others; what is refused.
import { beforeAll, describe, expect, it } from "vitest";
import { capturedAttack, capturedMistake } from "../fixtures/records.ts";
import { createMakeId } from "../../src/lib/ids.ts";
import { errorSchema, newCaller, walk, type Caller } from "./fixtures.ts";

const BEGIN_SECONDS = 1_750_000_000;

function idAt(prefix: "mis" | "atk", seconds: number): string {
  const makeId = createMakeId(
    () => seconds * 1000,
    (length) => new Uint8Array(length),
  );
  return makeId(prefix);
}

describe("lists under a filter", () => {
  let caller: Caller;
  let ids: readonly string[];
  let attackIds: readonly string[];

  beforeAll(async () => {
    caller = await newCaller();
    const base = capturedMistake(caller.projectId).mistake.provenance;
    const changes = [
      { categories: ["S1"], quarantine: "burst", clusterId: "clu_a" },
      { categories: ["S1", "offensive"], provenance: { ...base, keyId: "key_other" }, clusterId: "clu_a" },
      { categories: ["custom:refund"], provenance: { ...base, policyVersion: "pol_1" }, quarantine: "cap" },
      { categories: [], kind: "leaked" },
    ] as const;
    const at = (index: number): number => BEGIN_SECONDS + index;
    const captured = changes.map((change, index) =>
      capturedMistake(caller.projectId, { ...change, id: idAt("mis", at(index)), createdAt: at(index) * 1000 }),
    );
    const attacks = ["key_root", "key_other"].map((keyId, index) =>
      capturedAttack(caller.projectId, { keyId, id: idAt("atk", at(index)), createdAt: at(index) * 1000 }),
    );
    await caller.gateway.services.mistakes.insertCaptured([...captured, ...attacks]);
    ids = captured.map(({ mistake }) => mistake.id);
    attackIds = attacks.map(({ attack }) => attack.id);
  });

  it.each([
    ["category=S1", [1, 0]],
    ["category=offensive", [1]],
    ["category=custom%3Arefund", [2]],
    ["category=S14", []],
    ["category=S1&kind=other&state=captured&source=production", [1, 0]],
    ["category=S1&kind=leaked", []],
    ["key_id=key_other", [1]],
    ["key_id=key_root&kind=leaked", [3]],
    ["key_id=key_nobody", []],
    ["policy_version=pol_1", [2]],
    ["policy_version=default-2", [3, 1, 0]],
    ["cluster=clu_a", [1, 0]],
    ["cluster=clu_a&source=import", []],
    ["quarantine=burst", [0]],
    ["quarantine=cap&state=captured", [2]],
    ["quarantine=source", []],
    [`created_after=${BEGIN_SECONDS + 2}`, [3, 2]],
    [`created_before=${BEGIN_SECONDS + 2}`, [1, 0]],
    [`created_after=${BEGIN_SECONDS + 1}&created_before=${BEGIN_SECONDS + 3}`, [2, 1]],
    [`created_after=${BEGIN_SECONDS + 1}&category=S1`, [1]],
    [`created_after=${BEGIN_SECONDS + 3}&created_before=${BEGIN_SECONDS + 1}`, []],
    ["created_after=0&created_before=8640000000000", [3, 2, 1, 0]],
  ])("?%s", async (query, wanted) => {
    expect(await walk(caller, `/v1/mistakes?${query}`, 1)).toEqual(wanted.map((index) => ids[index]));
  });

  it.each([
    ["key_id=key_other", [1]],
    [`created_after=${BEGIN_SECONDS + 1}`, [1]],
    [`created_before=${BEGIN_SECONDS + 1}`, [0]],
    [`key_id=key_root&created_after=${BEGIN_SECONDS + 1}`, []],
  ])("of attacks: ?%s", async (query, wanted) => {
    expect(await walk(caller, `/v1/attacks?${query}`, 1)).toEqual(wanted.map((index) => attackIds[index]));
  });

  it.each([
    ["category=nonsense", "category"],
    ["category=", "category"],
    ["quarantine=forever", "quarantine"],
    ["key_id=", "key_id"],
    ["policy_version=", "policy_version"],
    [`cluster=${"c".repeat(101)}`, "cluster"],
    ["created_after=yesterday", "created_after"],
    ["created_after=", "created_after"],
    ["created_before=%20", "created_before"],
    ["created_after=-1", "created_after"],
    ["created_before=1.5", "created_before"],
    ["created_before=8640000000001", "created_before"],
  ])("refuses ?%s", async (query, param) => {
    const { status, body } = await caller.json(`/v1/mistakes?${query}`);
    expect(status).toBe(400);
    expect(errorSchema.parse(body).error.param).toBe(param);
  });

  const names = ["category=S1", "key_id=key_1", "policy_version=default-2", "cluster=clu_a", "quarantine=cap"];
  it.each(names.flatMap((first, index) => names.slice(index + 1).map((second) => [first, second] as const)))(
    "refuses %s with %s, and names both",
    async (first, second) => {
      const { status, body } = await caller.json(`/v1/mistakes?${first}&${second}`);
      expect(status).toBe(400);
      const { message, param, type } = errorSchema.parse(body).error;
      expect(type).toBe("invalid_request_error");
      for (const each of [first, second]) expect(message).toContain(each.split("=")[0]);
      expect(param).toBe(first.split("=")[0]);
    },
  );
});
