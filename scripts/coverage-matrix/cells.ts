// Every cell of the matrix, and those that can't exist with the reason. Law: exhaustive over side, delivery, action and the
// guardrail's health with its failure rule; pairwise over the rest.
import { fnv1a } from "../../src/lib/fnv1a.ts";
import { ACTIONS } from "../../src/policy/policy.ts";
import {
  type Carrier,
  CARRIERS,
  type Cell,
  CONTENTS,
  DELIVERIES,
  type Delivery,
  FAILURES,
  type Failure,
  type Health,
  nameOf,
  PIECES,
} from "./cell.ts";
import { missingPairs, type Row, spreadPairs } from "./pairwise.ts";

const WORKING: readonly Health[] = ["fast", "blind", "judge"];
const BROKEN: readonly Health[] = ["down", "judge_down", "judge_too_late", "down_beside"];
const OUTPUT_ONLY: readonly Carrier[] = ["unknown_in_choice", "unknown_in_head"];
const CHOICES = [1, 2, 3] as const;

export const IMPOSSIBLE: readonly { readonly cells: string; readonly reason: string }[] = [
  { cells: "output × tool_result", reason: "a tool result is the client's message; no answer has one" },
  {
    cells: "input × unknown_in_choice, unknown_in_head",
    reason: "a request has neither choices nor a completion's head",
  },
  { cells: "input × n of the answer", reason: "kept in the pairs, but a refused input has no choices to show" },
  { cells: "json, buffer × pieces tokens, one_read", reason: "the gateway asks the model for a whole answer there" },
  { cells: "json × hold_back, buffer, observe", reason: "stream modes mean nothing for a reply that is no stream" },
  { cells: "output × judge_beside", reason: "a judge beside the model reads the input alone" },
  {
    cells: "input × repair, redact as such",
    reason: "both refuse: a user's words are neither cut nor asked for again",
  },
  { cells: "fast, blind, judge × failure open", reason: "nothing fails there, so the rule is never asked" },
  { cells: "blind × input", reason: "an input comes whole: a guardrail that can't read pieces is one that can" },
  {
    cells: "observe × repair as such",
    reason: "everything was sent already: the flag is told, nothing is asked again",
  },
];

interface Combination {
  readonly side: Cell["side"];
  readonly delivery: Delivery;
  readonly action: Cell["action"];
  readonly health: Health;
  readonly failure: Failure;
}

function healthsOf(side: Cell["side"]): readonly (readonly [Health, Failure])[] {
  const working = WORKING.filter((health) => side === "output" || health !== "blind");
  return [
    ...working.map((health) => [health, "closed"] as const),
    ...BROKEN.flatMap((health) => FAILURES.map((failure) => [health, failure] as const)),
  ];
}

function combinations(): readonly Combination[] {
  return (["output", "input"] as const).flatMap((side) =>
    DELIVERIES.flatMap((delivery) =>
      ACTIONS.flatMap((action) =>
        healthsOf(side).map(([health, failure]) => ({ side, delivery, action, health, failure })),
      ),
    ),
  );
}

const REST = { group: "matrix", repair: "clean", onTimeout: "hold", media: "allow" } as const;

function candidates(combination: Combination): readonly (Cell & Row)[] {
  const { side, delivery } = combination;
  const carriers = CARRIERS.filter((carrier) =>
    side === "output" ? carrier !== "tool_result" : !OUTPUT_ONLY.includes(carrier),
  );
  const pieces = delivery === "hold_back" || delivery === "observe" ? PIECES : (["whole"] as const);
  return carriers.flatMap((carrier) =>
    CHOICES.flatMap((choices) =>
      CONTENTS.flatMap((content) =>
        pieces.map((each) => ({ ...REST, ...combination, carrier, choices, content, pieces: each })),
      ),
    ),
  );
}

/** One text, token by token, a guardrail that works: what special cells differ from. */
export const PLAIN = {
  ...REST,
  side: "output",
  delivery: "hold_back",
  action: "block",
  health: "fast",
  failure: "closed",
  choices: 1,
  content: "string",
  carrier: "text",
  pieces: "tokens",
} as const satisfies Cell;

/** Every carrier under every action, for one choice, token by token: where the pairs above are too thin. */
function everyCarrier(): readonly Cell[] {
  const carriers = CARRIERS.filter((carrier) => carrier !== "tool_result");
  return DELIVERIES.flatMap((delivery) =>
    ACTIONS.flatMap((action) =>
      carriers.map((carrier): Cell => {
        const pieces = delivery === "json" || delivery === "buffer" ? "whole" : "tokens";
        return { ...PLAIN, group: "every carrier", delivery, action, carrier, pieces };
      }),
    ),
  );
}

function special(): readonly Cell[] {
  const whole = (delivery: Delivery): Cell["pieces"] =>
    delivery === "json" || delivery === "buffer" ? "whole" : "tokens";
  const again = DELIVERIES.flatMap((delivery) =>
    CHOICES.map((choices): Cell => {
      const group = "repair that is flagged again";
      return { ...PLAIN, group, delivery, action: "repair", repair: "flagged", choices, pieces: whole(delivery) };
    }),
  );
  const hard = DELIVERIES.flatMap((delivery) =>
    ACTIONS.map((action): Cell => {
      return { ...PLAIN, group: "hard category", delivery, action, health: "judge_hard", pieces: whole(delivery) };
    }),
  );
  const beside = DELIVERIES.flatMap((delivery) =>
    ACTIONS.map((action): Cell => {
      const group = "judge beside the model";
      return { ...PLAIN, group, side: "input", delivery, action, health: "judge_beside", pieces: whole(delivery) };
    }),
  );
  const timeouts = (["hold", "block", "release_flagged"] as const).flatMap((onTimeout) =>
    FAILURES.map((failure): Cell => {
      return { ...PLAIN, group: "windows that time out", health: "judge_too_late", failure, onTimeout };
    }),
  );
  const shipped = DELIVERIES.flatMap((delivery) =>
    (["block", "redact", "annotate"] as const).flatMap((action) =>
      (["text", "tool_arguments", "reasoning", "refusal"] as const).map((carrier): Cell => {
        const group = "shipped guardrails";
        return { ...PLAIN, group, delivery, action, carrier, health: "shipped", pieces: whole(delivery) };
      }),
    ),
  );
  const rejected = DELIVERIES.flatMap((delivery) =>
    CONTENTS.map((content): Cell => {
      const group = "media that are refused";
      return { ...PLAIN, group, delivery, action: "annotate", content, media: "reject", pieces: whole(delivery) };
    }),
  );
  return [...rejected, ...again, ...hard, ...beside, ...timeouts, ...shipped];
}

/** how many values a hash of 32 bits has */
const HASHES = 2 ** 32;

export interface Matrix {
  readonly cells: readonly Cell[];
  /** pairs that can exist and that no cell has */
  readonly missing: readonly string[];
}

/** @param more about so many further cells, drawn from all that can exist, the same ones each time */
export function matrix(more = 0): Matrix {
  const fixed = combinations().map(candidates);
  const pairwise = spreadPairs(fixed);
  const missing = missingPairs(fixed.flat(), pairwise);
  const all = fixed.flat();
  const share = (more / all.length) * HASHES;
  const drawn = more === 0 ? [] : all.filter((cell) => fnv1a(nameOf(cell)) < share);
  const further = drawn.map((cell) => ({ ...cell, group: "further" }));
  return { cells: [...pairwise, ...everyCarrier(), ...special(), ...further], missing };
}
