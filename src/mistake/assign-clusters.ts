// Which cluster each of a batch of mistakes belongs to: its content's, else the nearest one's, else one of its own. Law: pure; a
// mistake is compared with the first one of a cluster alone, so that clusters never grow together.
import { clusterIdOf } from "./cluster.ts";
import { contentName, type AskedMistake, type Known, type Leader } from "./cluster-store.ts";
import { bandsOf, likeness, NEAR } from "./min-hash.ts";

export interface Sketched extends AskedMistake {
  readonly sketch: string;
}

export interface Assigned {
  readonly clusterId: string;
  /** it is the first one of its cluster, as far as anybody knows */
  readonly leads: boolean;
}

/** The likest, and of equally like ones the oldest. */
function nearest({ projectId, sketch }: Sketched, candidates: Iterable<Leader>): Leader | null {
  let best: Leader | null = null;
  let most = NEAR;
  for (const candidate of candidates) {
    if (candidate.projectId !== projectId) continue;
    const like = likeness(sketch, candidate.sketch);
    const wins = best === null ? like >= most : like > most || (like === most && candidate.clusterId < best.clusterId);
    if (!wins) continue;
    best = candidate;
    most = like;
  }
  return best;
}

/** In the order given: a later one may join the cluster of an earlier one. */
export function assignClusters<Item extends Sketched>(
  mistakes: readonly Item[],
  known: Pick<Known, "clusterOf" | "leaders">,
): readonly (Item & Assigned)[] {
  const clusterOf = new Map(known.clusterOf);
  const leadersByBand = new Map<number, Map<string, Leader>>();
  const follow = (leader: Leader, bands: readonly number[]): void => {
    for (const band of bands) {
      const leaders = leadersByBand.get(band) ?? new Map<string, Leader>();
      leadersByBand.set(band, leaders.set(leader.clusterId, leader));
    }
  };
  for (const leader of known.leaders) follow(leader, bandsOf(leader.projectId, leader.sketch));
  return mistakes.map((mistake) => {
    const { projectId, bands, sketch } = mistake;
    const name = contentName(mistake);
    const candidates = new Map(bands.flatMap((band) => [...(leadersByBand.get(band) ?? [])]));
    const joined = clusterOf.get(name) ?? nearest(mistake, candidates.values())?.clusterId;
    const clusterId = joined ?? clusterIdOf(mistake.id);
    if (joined === undefined) follow({ clusterId, projectId, sketch }, bands);
    clusterOf.set(name, clusterId);
    return { ...mistake, clusterId, leads: joined === undefined };
  });
}
