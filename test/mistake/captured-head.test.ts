// A captured thing's head and text are the same ones whatever its type.
import { expect, it } from "vitest";
import { capturedHead, capturedText } from "../../src/mistake/captured-head.ts";
import { capturedAttack, capturedExchange, capturedMistake } from "../fixtures/records.ts";

it("reads every type's own", () => {
  const [mistake, attack, kept] = [capturedMistake("prj_1"), capturedAttack("prj_1"), capturedExchange("prj_1")];
  expect([mistake, attack, kept].map((each) => capturedHead(each))).toMatchObject([
    { id: mistake.mistake.id, projectId: "prj_1", createdAt: mistake.mistake.createdAt },
    { id: attack.attack.id, projectId: "prj_1", createdAt: attack.attack.createdAt },
    { id: kept.kept.id, projectId: "prj_1", createdAt: kept.kept.createdAt },
  ]);
  const [ofMistake, ofKept] = [mistake.mistake.provenance, kept.kept.provenance];
  const named = [
    { ...mistake, mistake: { ...mistake.mistake, provenance: { ...ofMistake, endUser: "a" } } },
    { ...attack, attack: { ...attack.attack, endUser: "b" } },
    { ...kept, kept: { ...kept.kept, provenance: { ...ofKept, endUser: "c" } } },
  ];
  expect(named.map((each) => capturedHead(each).endUser)).toEqual(["a", "b", "c"]);
  expect([mistake, attack, kept].map(capturedText)).toEqual([mistake.exchange, attack.messages, kept.exchange]);
});
