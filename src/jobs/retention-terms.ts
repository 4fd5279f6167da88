// How long whose texts are kept: a key's own policy goes before its project's, and that before the gateway's default.
// Law: null is for ever, at each of the three.
import type { KeyStore } from "../access/key-store.ts";
import type { Whose } from "../mistake/retention-store.ts";
import type { PolicyStore } from "../policy/policy-store.ts";

export interface RetentionTermsDependencies {
  readonly policies: Pick<PolicyStore, "retentionPeriods">;
  readonly keys: Pick<KeyStore, "listProjects">;
  /** the gateway's default policy's, for projects without a policy of their own */
  readonly defaultDays: number | null;
}

export interface RetentionTerm {
  readonly projectId: string;
  readonly whose: Whose;
  readonly days: number;
}

export interface RetentionTerms {
  /** those that end anything */
  readonly terms: readonly RetentionTerm[];
  readonly daysOf: (projectId: string, keyId: string | null) => number | null;
}

export async function retentionTerms(dependencies: RetentionTermsDependencies): Promise<RetentionTerms> {
  const { policies, keys, defaultDays } = dependencies;
  const periods = await policies.retentionPeriods();
  const ofProject = new Map(periods.flatMap((each) => (each.keyId === null ? [[each.projectId, each.days]] : [])));
  const ofKeys = new Map<string, Map<string, number | null>>();
  for (const { projectId, keyId, days } of periods) {
    if (keyId === null) continue;
    ofKeys.set(projectId, (ofKeys.get(projectId) ?? new Map<string, number | null>()).set(keyId, days));
  }
  const listed = defaultDays === null ? [] : (await keys.listProjects()).map(({ id }) => id);
  const baseOf = (projectId: string): number | null => {
    const own = ofProject.get(projectId);
    return own === undefined ? defaultDays : own;
  };
  const ended = (projectId: string, whose: Whose, days: number | null): readonly RetentionTerm[] =>
    days === null ? [] : [{ projectId, whose, days }];
  return {
    terms: [...new Set([...listed, ...ofProject.keys(), ...ofKeys.keys()])].flatMap((projectId) => {
      const own = [...(ofKeys.get(projectId) ?? [])];
      return [
        ...ended(projectId, { notOf: own.map(([key]) => key) }, baseOf(projectId)),
        ...own.flatMap(([key, days]) => ended(projectId, { key }, days)),
      ];
    }),
    daysOf: (projectId, keyId) => {
      const own = keyId === null ? undefined : ofKeys.get(projectId)?.get(keyId);
      return own === undefined ? baseOf(projectId) : own;
    },
  };
}
