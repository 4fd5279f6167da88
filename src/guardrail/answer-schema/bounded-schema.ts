// A client's JSON schema, copied into what may be evaluated: known keywords, bounded size and depth, references within it, no
// expressions. Law: a schema is hostile; what can't be read soundly is refused with the reason, and nothing is left out where that
// could make a sound answer look broken.
import type { Schema, SchemaDraft } from "@cfworker/json-schema";
import { isRecord } from "../../lib/record.ts";
import { err, ok, type Result } from "../../lib/result.ts";

const MOST_SCHEMA_NODES = 5_000;
const MOST_SCHEMA_LEVELS = 64;
/** of all names and values in it together */
const MOST_SCHEMA_CHARACTERS = 100_000;
/** Evaluating one part takes about as long as ten accesses to a value (4 µs). */
const STEPS_OF_A_PART = 10;
/** Comparing with a long list of values costs more than a step. */
const CHARACTERS_A_STEP = 32;

const SCHEMA_KEYWORDS: ReadonlySet<string> = new Set([
  ...["additionalItems", "unevaluatedItems", "items", "contains", "additionalProperties", "unevaluatedProperties"],
  ...["propertyNames", "not", "if", "then", "else"],
]);
const LIST_KEYWORDS: ReadonlySet<string> = new Set(["prefixItems", "items", "allOf", "anyOf", "oneOf"]);
const MAP_KEYWORDS: ReadonlySet<string> = new Set(["$defs", "definitions", "properties", "dependentSchemas"]);
const VALUE_KEYWORDS: ReadonlySet<string> = new Set([
  ...["$ref", "$anchor", "type", "const", "enum", "required", "dependentRequired", "uniqueItems", "multipleOf"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems"],
  ...["minContains", "maxContains", "minProperties", "maxProperties"],
]);
/** Left out, they would change what the others mean. */
const UNREAD_KEYWORDS: ReadonlySet<string> = new Set([
  ...["patternProperties", "dependencies", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor"],
]);
/** Under these a looser part makes a stricter whole, so nothing may be left out there. */
const NEGATING_KEYWORDS: ReadonlySet<string> = new Set(["not", "if", "oneOf", "maxContains"]);

export interface BoundedSchema {
  readonly schema: Schema | boolean;
  readonly draft: SchemaDraft;
  /** whether `pattern` was left out: an answer that breaks nothing else is not known to be sound */
  readonly isLoosened: boolean;
}

/** What cannot be read; its message is the reason. */
class Unreadable extends Error {}

/** @param spend called with the cost of each step of an evaluation */
export function boundSchema(given: unknown, spend: (steps: number) => void): Result<BoundedSchema, string> {
  const copy = new SchemaCopy(spend);
  try {
    const schema = copy.schemaOf(given, 0);
    if (copy.isLoosened && copy.isNegating)
      return err("the schema's pattern stands beside not, if, oneOf or maxContains");
    return ok({ schema, draft: draftOf(given), isLoosened: copy.isLoosened });
  } catch (caught) {
    if (caught instanceof Unreadable) return err(caught.message);
    throw caught;
  }
}

/** `$schema` names it; the newest where it does not. */
function draftOf(given: unknown): SchemaDraft {
  const named = isRecord(given) ? given["$schema"] : undefined;
  if (typeof named !== "string") return "2020-12";
  if (named.includes("draft-04")) return "4";
  if (named.includes("draft-06") || named.includes("draft-07")) return "7";
  return named.includes("2019-09") ? "2019-09" : "2020-12";
}

function isSchema(value: object): value is Schema {
  return !Array.isArray(value);
}

class SchemaCopy {
  readonly #spend: (steps: number) => void;
  #nodes = 0;
  #characters = 0;
  isLoosened = false;
  isNegating = false;

  constructor(spend: (steps: number) => void) {
    this.#spend = spend;
  }

  schemaOf(given: unknown, level: number): Schema | boolean {
    if (typeof given === "boolean") return given;
    if (!isRecord(given)) throw new Unreadable("a part of the schema is no schema");
    this.#count(level, 0);
    const entries: (readonly [string, unknown])[] = [];
    let weight = STEPS_OF_A_PART;
    for (const [key, value] of Object.entries(given)) {
      if (UNREAD_KEYWORDS.has(key)) throw new Unreadable(`the schema uses ${key}`);
      if (NEGATING_KEYWORDS.has(key)) this.isNegating = true;
      if (key === "pattern") this.isLoosened = true;
      else if (VALUE_KEYWORDS.has(key)) {
        weight += this.#checkValue(key, value, level);
        entries.push([key, value]);
      } else if (LIST_KEYWORDS.has(key) && Array.isArray(value)) {
        const items: readonly unknown[] = value;
        entries.push([key, items.map((item) => this.schemaOf(item, level + 1))]);
      } else if (SCHEMA_KEYWORDS.has(key)) entries.push([key, this.schemaOf(value, level + 1)]);
      else if (MAP_KEYWORDS.has(key)) entries.push([key, this.#mapOf(key, value, level)]);
      else if (LIST_KEYWORDS.has(key)) throw new Unreadable(`the schema's ${key} is no list`);
    }
    return this.#counted(Object.fromEntries(entries), weight);
  }

  #mapOf(key: string, value: unknown, level: number): object {
    if (!isRecord(value)) throw new Unreadable(`the schema's ${key} is no object`);
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => {
        this.#count(level, name.length);
        return [name, this.schemaOf(part, level + 1)];
      }),
    );
  }

  /** What comparing with it costs. */
  #checkValue(key: string, value: unknown, level: number): number {
    if (key === "$ref" && !(typeof value === "string" && value.startsWith("#"))) {
      throw new Unreadable("the schema refers outside of itself");
    }
    if ((key === "enum" || key === "required") && !Array.isArray(value)) {
      throw new Unreadable(`the schema's ${key} is no list`);
    }
    const { length } = JSON.stringify(value);
    this.#count(level, length);
    return Math.floor(length / CHARACTERS_A_STEP);
  }

  #count(level: number, characters: number): void {
    this.#nodes += 1;
    this.#characters += characters;
    if (level > MOST_SCHEMA_LEVELS) throw new Unreadable("the schema is nested too deep");
    if (this.#nodes > MOST_SCHEMA_NODES || this.#characters > MOST_SCHEMA_CHARACTERS) {
      throw new Unreadable("the schema is too large");
    }
  }

  /** Each evaluation of a part reads its `type` once, and pays for it there. */
  #counted(schema: object, weight: number): Schema {
    if (!isSchema(schema)) throw new Unreadable("a part of the schema is no schema");
    const { type } = schema;
    return Object.defineProperty(schema, "type", {
      enumerable: true,
      get: () => {
        this.#spend(weight);
        return type;
      },
    });
  }
}
