// Where a run's seeds come from: the request, an object of the operator's, topics in templates, our own set.
// Law: bounded, and what can't be read is told with its line; each seed stands once.
import { jsonLines } from "../../lib/json-lines.ts";
import type { ObjectStore } from "../../lib/object-store.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import { invalidRequest, type Problem } from "../../problem.ts";
import { type InductionRequest, inductionSeedSchema, MOST_INDUCTION_SEEDS } from "../../wire/induction.ts";
import type { Seed } from "../techniques/technique.ts";
import { DEFAULT_SEEDS } from "./default-seeds.ts";

const LIMITS = { mostBytes: 65_536, mostLines: MOST_INDUCTION_SEEDS, mostLevels: 4 };

type Asked = Pick<InductionRequest, "seeds" | "seeds_key" | "topics" | "templates">;

async function seedsOfObject(
  objects: Pick<ObjectStore, "get">,
  key: string,
): Promise<Result<readonly Seed[], Problem>> {
  const object = await objects.get(key);
  if (object === null) return err(invalidRequest(`There is no object "${key}" in the bucket.`, "seeds_key"));
  const seeds: Seed[] = [];
  for await (const each of jsonLines(object.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>()), LIMITS)) {
    const read = "fault" in each ? null : inductionSeedSchema.safeParse(each.value);
    if (read?.success !== true) {
      const why = "fault" in each ? each.fault : 'is no {"instruction": …, "system"?: …}';
      return err(invalidRequest(`Line ${each.line} of "${key}" ${why}.`, "seeds_key"));
    }
    seeds.push(read.data);
  }
  return ok(seeds);
}

function topicSeeds({ topics, templates }: Asked): Result<readonly Seed[], Problem> {
  if (topics === undefined && templates === undefined) return ok([]);
  if (topics === undefined || templates === undefined) {
    return err(
      invalidRequest("Topics need templates, and templates topics.", topics === undefined ? "topics" : "templates"),
    );
  }
  return ok(
    topics.flatMap((topic) =>
      templates.map((template) => ({ system: null, instruction: template.split("{topic}").join(topic) })),
    ),
  );
}

export async function readSeeds(
  objects: Pick<ObjectStore, "get">,
  asked: Asked,
): Promise<Result<readonly Seed[], Problem>> {
  const given = asked.seeds === "default" ? DEFAULT_SEEDS : (asked.seeds ?? []);
  const kept = asked.seeds_key === undefined ? ok([]) : await seedsOfObject(objects, asked.seeds_key);
  if (!kept.ok) return kept;
  const made = topicSeeds(asked);
  if (!made.ok) return made;
  const all = [...given, ...kept.value, ...made.value];
  const seeds = [...new Map(all.map((seed) => [JSON.stringify([seed.system, seed.instruction]), seed])).values()];
  if (seeds.length === 0)
    return err(invalidRequest('There is no seed: give "seeds", "seeds_key", or "topics" and "templates".', "seeds"));
  if (seeds.length > MOST_INDUCTION_SEEDS) {
    return err(invalidRequest(`A run has at most ${MOST_INDUCTION_SEEDS} seeds.`, "seeds"));
  }
  return ok(seeds);
}
