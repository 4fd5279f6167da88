// What is wrong with a store after the durability check, by name. Law: pure; it knows what was captured under which id, and what the
// rows must then be — nothing is asked of the code that made them.
import type { Planned } from "./traffic.ts";
import { PLAIN_PROJECT } from "./traffic.ts";

export interface StoredRows {
  readonly mistakes: readonly {
    readonly id: string;
    readonly clusterId: string | null;
    readonly quarantine: string | null;
    readonly objectKey: string | null;
    readonly createdAt: number;
  }[];
  readonly recurrences: readonly { readonly id: string; readonly mistakeId: string; readonly createdAt: number }[];
  readonly clusters: readonly { readonly id: string; readonly size: number }[];
  readonly counts: readonly {
    readonly projectId: string;
    readonly subject: string;
    readonly lengthMinutes: number;
    readonly startMinute: number;
    readonly captured: number;
  }[];
  readonly queued: readonly { readonly mistakeId: string; readonly reason: string }[];
  /** keys of exchanges */
  readonly objects: readonly string[];
}

export interface Known {
  readonly accepted: ReadonlySet<string>;
  /** whatever was offered, by its id */
  readonly planned: ReadonlyMap<string, Planned>;
  /** whose analysis was asked for */
  readonly analysed: ReadonlySet<string>;
}

export type StoreFaults = Readonly<Record<string, number>>;

const MILLISECONDS_A_MINUTE = 60_000;
/** By the gateway's default policy. */
const REASONS: Readonly<Record<string, string>> = {
  contradiction: "contradiction",
  source: "untrusted_source",
  burst: "flood",
  cap: "flood",
};
/** Caps are of a day, bursts of ten minutes, under both policies (traffic.ts). */
const PERIODS_OF_KEYS = [1_440, 10];
const PERIODS_OF_USERS = [1_440];

function counted<Key>(keys: Iterable<Key>): Map<Key, number> {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Of how many the two differ. */
function differing<Key>(left: ReadonlyMap<Key, number>, right: ReadonlyMap<Key, number>): number {
  return [...new Set([...left.keys(), ...right.keys()])].filter((key) => left.get(key) !== right.get(key)).length;
}

export function faultsOfStore(rows: StoredRows, { accepted, planned, analysed }: Known): StoreFaults {
  const rowOf = new Map(rows.mistakes.map((row) => [row.id, row]));
  const originalOf = new Map(rows.recurrences.map(({ id, mistakeId }) => [id, mistakeId]));
  const standing = (id: string) => rowOf.get(originalOf.get(id) ?? id);
  const all = [...rows.mistakes, ...rows.recurrences];
  const content = (id: string): string => `${planned.get(id)?.projectId ?? ""} ${planned.get(id)?.content ?? id}`;
  const kindOf = (id: string, quarantine: string | null): string => `${content(id)} ${quarantine === null}`;
  const contents = counted(rows.mistakes.map(({ id, quarantine }) => kindOf(id, quarantine)));
  const reasons = new Map(rows.queued.map(({ mistakeId, reason }) => [mistakeId, reason]));
  const sizes = new Map(rows.clusters.map(({ id, size }) => [id, size]));
  // What every sink refused leaves its object, since one of them may have it all the same (docs/decisions/stored-privacy.md).
  const idOf = (key: string): string => key.slice(key.lastIndexOf("/") + 1, -".json".length);
  const named = new Set(rows.mistakes.flatMap(({ objectKey }) => objectKey ?? []));
  const isMisplaced = ({ id, quarantine, clusterId }: StoredRows["mistakes"][number]): boolean => {
    const plan = planned.get(id);
    const reason = reasons.get(id) ?? null;
    if (quarantine !== null)
      return reason !== (plan?.projectId === PLAIN_PROJECT ? REASONS[quarantine] : "quarantined");
    if ((plan?.releasedCharacters ?? 0) > 0) return reason !== "reached_somebody";
    if (plan?.projectId === PLAIN_PROJECT) return reason !== "flagged";
    return reason !== null && !(reason === "crowd" && (sizes.get(clusterId ?? "") ?? 0) >= 3);
  };
  return {
    lost: [...accepted].filter((id) => standing(id) === undefined).length,
    twice: all.length - new Set(all.map(({ id }) => id)).size,
    unknown: all.filter(({ id }) => !planned.has(id)).length,
    "repeats of another content": rows.recurrences.filter((row) => content(row.id) !== content(row.mistakeId)).length,
    "contents stored twice": [...contents.values()].filter((count) => count > 1).length,
    "cluster sizes": differing(sizes, counted(all.flatMap(({ id }) => standing(id)?.clusterId ?? []))),
    "without a cluster": rows.mistakes.filter(({ clusterId }) => clusterId === null).length,
    counts: wrongCounts(rows, planned),
    "review queue":
      rows.mistakes.filter(isMisplaced).length + rows.queued.filter(({ mistakeId }) => !rowOf.has(mistakeId)).length,
    "analyses not asked for": [...accepted].filter((id) => {
      const row = standing(id);
      return row?.quarantine === null && !analysed.has(row.id);
    }).length,
    "analyses of quarantined": rows.mistakes.filter(({ id, quarantine }) => quarantine !== null && analysed.has(id))
      .length,
    "held without quarantine": rows.mistakes.filter(
      ({ id, quarantine }) => planned.get(id)?.isHeld === true && quarantine === null,
    ).length,
    "objects that nothing names": rows.objects.filter((key) => !named.has(key) && accepted.has(idOf(key))).length,
    "objects that are gone": [...named].filter((key) => !rows.objects.includes(key)).length,
  };
}

/** Of keys and end users: every one that is stored or repeated once, in the period that it was captured in. */
function wrongCounts({ mistakes, recurrences, counts }: StoredRows, planned: Known["planned"]): number {
  const name = (projectId: string, subject: string, lengthMinutes: number, startMinute: number): string =>
    JSON.stringify([projectId, subject, lengthMinutes, startMinute]);
  const wanted = counted(
    [...mistakes, ...recurrences].flatMap(({ id, createdAt }) => {
      const plan = planned.get(id);
      if (plan === undefined) return [];
      const periods: readonly (readonly [string, number])[] = [
        ...PERIODS_OF_KEYS.map((length) => [`key:${plan.keyId}`, length] as const),
        ...(plan.endUser === null ? [] : PERIODS_OF_USERS.map((length) => [`user:${plan.endUser}`, length] as const)),
      ];
      const minute = Math.floor(createdAt / MILLISECONDS_A_MINUTE);
      return periods.map(([subject, length]) =>
        name(plan.projectId, subject, length, Math.floor(minute / length) * length),
      );
    }),
  );
  const found = counts
    .filter(({ subject }) => !subject.startsWith("cluster:"))
    .map((row) => [name(row.projectId, row.subject, row.lengthMinutes, row.startMinute), row.captured] as const);
  return differing(new Map(found), wanted);
}
