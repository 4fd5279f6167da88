// Every question that a reviewer can ask of the lists: each filter common, rare or absent, in every combination, on the first page
// and deep down. Law: the list is made, not chosen, so that no slow one is left out.
import { idFloor } from "../../src/lib/ids.ts";
import { COMMON, EVERY_MILLISECONDS, NEWEST, RARE } from "./population.ts";

export interface Question {
  readonly group: "mistakes" | "lists";
  readonly path: string;
}

type Choice = readonly (readonly [string, string])[];

function combinations(choices: readonly (readonly Choice[])[]): readonly Choice[] {
  return choices.reduce<readonly Choice[]>(
    (made, next) => made.flatMap((before) => next.map((choice): Choice => [...before, ...choice])),
    [[]],
  );
}

function facet(name: "state" | "source" | "kind"): readonly Choice[] {
  return [[], [[name, COMMON[name]]], [[name, RARE[name]]]];
}

const NARROW: readonly Choice[] = [
  [],
  [["category", COMMON.category]],
  [["category", RARE.category]],
  [["key_id", COMMON.key]],
  [["key_id", RARE.key]],
  [["policy_version", COMMON.policy]],
  [["policy_version", RARE.policy]],
];

/** The lists of everything else, which have a project and a cursor. */
const LISTS = ["attacks", "attacks?key_id=key_quiet", "audit", "releases", "policies", "overrules"];

export function questions(many: number): readonly Question[] {
  const oldest = NEWEST - many * EVERY_MILLISECONDS;
  const deep = idFloor("mis", oldest + many * EVERY_MILLISECONDS * 0.1);
  const window: Choice = [
    ["created_after", String(Math.round(oldest / 1000) + 86_400)],
    ["created_before", String(Math.round(oldest / 1000) + 3 * 86_400)],
  ];
  const pages: readonly Choice[] = [[], [["cursor", deep]], window];
  const asked = combinations([facet("state"), facet("source"), facet("kind"), NARROW, pages]);
  // Released and by feedback: both common, and never both.
  const never: Choice = [
    ["state", "released"],
    ["source", "feedback"],
  ];
  const long: readonly Choice[] = [
    [["limit", "100"]],
    [
      ["limit", "100"],
      ["source", COMMON.source],
    ],
    never,
  ];
  const mistakes = [...asked, ...long].map(
    (choice) => new URLSearchParams(choice.map(([name, value]) => [name, value])),
  );
  return [
    ...mistakes.map((query): Question => ({ group: "mistakes", path: `/v1/mistakes?${query.toString()}` })),
    ...LISTS.map((path): Question => ({ group: "lists", path: `/v1/${path}` })),
  ];
}
