// Holds a JSON text against a client's schema, through @cfworker/json-schema (no eval, so it runs in workerd).
// Law: an evaluation has a budget of steps, whatever schema and text are; what could not be read is told apart from what is broken.
import { Validator } from "@cfworker/json-schema";
import { isNestedDeeperThan } from "../../lib/nesting.ts";
import { parseJson } from "../../lib/parse-json.ts";
import { type BoundedSchema, boundSchema } from "./bounded-schema.ts";
import { countedValue } from "./counted-value.ts";

/** An answer of a hundred values takes some thousands; this many about 0.2 s. */
const MOST_STEPS = 500_000;
const MOST_LEVELS = 200;
/** Longer texts are not worth parsing for a note about their form. */
const MOST_CHARACTERS = 1_000_000;
const MOST_PLACE_CHARACTERS = 200;

export type SchemaCheck =
  | { readonly kind: "sound" }
  | { readonly kind: "no JSON" }
  /** at this place of the schema: `#/properties/age/type` */
  | { readonly kind: "broken"; readonly place: string }
  | { readonly kind: "unread"; readonly reason: string };

class TooCostly extends Error {}

function unread(reason: string): SchemaCheck {
  return { kind: "unread", reason };
}

export class CompiledSchema {
  readonly #validator: Validator | null;
  readonly #isLoosened: boolean;
  readonly #reason: string;
  #stepsLeft = 0;

  constructor(given: unknown) {
    const bounded = boundSchema(given, this.#spend);
    this.#isLoosened = bounded.ok && bounded.value.isLoosened;
    const made = bounded.ok ? this.#validatorOf(bounded.value) : bounded.error;
    this.#validator = typeof made === "string" ? null : made;
    this.#reason = typeof made === "string" ? made : "";
  }

  readonly #spend = (steps: number): void => {
    this.#stepsLeft -= steps;
    if (this.#stepsLeft < 0) throw new TooCostly();
  };

  #validatorOf({ schema, draft }: BoundedSchema): Validator | string {
    this.#stepsLeft = MOST_STEPS;
    try {
      return new Validator(schema, draft);
    } catch {
      return "the schema can't be resolved";
    }
  }

  check(text: string): SchemaCheck {
    if (text.length > MOST_CHARACTERS) return unread("the answer is too long to be held against its schema");
    const value = parseJson(text);
    if (value === undefined) return { kind: "no JSON" };
    if (this.#validator === null) return unread(this.#reason);
    if (isNestedDeeperThan(value, MOST_LEVELS)) return unread("the answer is nested too deep");
    return this.#validate(this.#validator, value);
  }

  #validate(validator: Validator, value: unknown): SchemaCheck {
    this.#stepsLeft = MOST_STEPS;
    try {
      const { valid, errors } = validator.validate(countedValue(value, this.#spend));
      if (!valid) {
        // The last one lies deepest: those before it are of the parts that it stands in. What the library says of a schema that
        // is `false` names a place of the answer.
        const place = errors.findLast(({ keyword }) => keyword !== "false")?.keywordLocation ?? "#";
        return { kind: "broken", place: place.slice(0, MOST_PLACE_CHARACTERS) };
      }
      return this.#isLoosened ? unread("a pattern of the schema was not checked") : { kind: "sound" };
    } catch (caught) {
      if (caught instanceof TooCostly) return unread("holding the answer against the schema costs too much");
      return unread("the schema can't be evaluated");
    }
  }
}
