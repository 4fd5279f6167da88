// What lists of mistakes and attacks can be narrowed to. Law: only what an index serves, so that no question grows slow with the store.
import { z } from "zod";
import type { CreatedBetween, MistakeFilter, NarrowFilter } from "../mistake/mistake-store.ts";
import { MISTAKE_KINDS, MISTAKE_SOURCES, MISTAKE_STATES, QUARANTINES } from "../mistake/mistake.ts";
import { isCategory } from "../policy/category.ts";
import { pageQuerySchema } from "../wire/page-query.ts";
import { queryNumber } from "../wire/query-number.ts";

/** Seconds; as dates JavaScript can count in milliseconds. */
const momentSchema = queryNumber(z.coerce.number<string>().int().min(0).max(8_640_000_000_000));
const nameSchema = z.string().min(1).max(100);

const createdSchema = z.object({
  created_after: momentSchema.optional().meta({ description: "In seconds since the Unix epoch; from this one on." }),
  created_before: momentSchema.optional().meta({ description: "Likewise; until just before." }),
});

const NARROW = ["category", "key_id", "policy_version", "cluster", "quarantine"] as const;

export const mistakeQuerySchema = pageQuerySchema
  .extend(createdSchema.shape)
  .extend({
    state: z.enum(MISTAKE_STATES).optional(),
    source: z.enum(MISTAKE_SOURCES).optional(),
    kind: z.enum(MISTAKE_KINDS).optional(),
    category: z.string().max(100).refine(isCategory, { message: "is no category" }).optional(),
    key_id: nameSchema.optional(),
    policy_version: nameSchema.optional(),
    cluster: nameSchema.optional(),
    quarantine: z.enum(QUARANTINES).optional(),
  })
  .superRefine((query, context) => {
    const [first, second] = NARROW.filter((name) => query[name] !== undefined);
    if (first === undefined || second === undefined) return;
    const message = `stands beside ${second}: only one of ${NARROW.join(", ")} can be given`;
    context.addIssue({ code: "custom", message, path: [first] });
  });

export const attackQuerySchema = pageQuerySchema.extend(createdSchema.shape).extend({ key_id: nameSchema.optional() });

export function createdBetween({ created_after, created_before }: z.infer<typeof createdSchema>): CreatedBetween {
  return {
    createdAfter: created_after === undefined ? undefined : created_after * 1000,
    createdBefore: created_before === undefined ? undefined : created_before * 1000,
  };
}

type MistakeQuery = Omit<z.infer<typeof mistakeQuerySchema>, "limit" | "cursor">;

function narrowFilter(query: MistakeQuery): NarrowFilter | undefined {
  const { category, key_id, policy_version, cluster, quarantine } = query;
  if (category !== undefined) return { by: "category", value: category };
  if (cluster !== undefined) return { by: "cluster", value: cluster };
  if (quarantine !== undefined) return { by: "quarantine", value: quarantine };
  if (key_id !== undefined) return { by: "key", value: key_id };
  return policy_version === undefined ? undefined : { by: "policy", value: policy_version };
}

export function mistakeFilter(query: MistakeQuery): MistakeFilter {
  const { state, source, kind } = query;
  return { state, source, kind, narrow: narrowFilter(query), ...createdBetween(query) };
}
