// The attack families of the sets that may be fitted: techniques that many requests share. Law: a family is fitted, calibrated on
// or measured, never two of these; what has no technique goes by its wording (wording-families.ts).
import type { Part } from "./split.ts";

export interface AttackFamily {
  readonly name: string;
  readonly technique: string;
  readonly part: Part;
  /** where its rows are: a set, and the method or category of the row (`null`: the whole set) */
  readonly rows: readonly { readonly set: string; readonly label: string | null }[];
}

/** Methods of JailbreakBench's artifacts (Chao et al. 2024), categories of XSafety (Wang et al. 2023). */
export const ATTACK_FAMILIES: readonly AttackFamily[] = [
  {
    name: "optimised_suffix",
    technique: "a string found by search stands behind the request",
    part: "fit",
    rows: [
      { set: "jbb_artifacts", label: "GCG" },
      { set: "jbb_artifacts", label: "DSN" },
      { set: "jbb_artifacts", label: "prompt_with_random_search" },
    ],
  },
  {
    name: "persona",
    technique: "the model is told to play somebody without rules",
    part: "calibration",
    rows: [
      { set: "jbb_artifacts", label: "JBC" },
      { set: "xsafety", label: "role_play_instruction" },
    ],
  },
  {
    name: "rewritten_by_model",
    technique: "another model wraps the request in a story or a pretext (PAIR)",
    part: "test",
    rows: [{ set: "jbb_artifacts", label: "PAIR" }],
  },
  {
    name: "linguistic_mutation",
    technique: "the request's sentences are grown until it is answered (JADE, Chinese)",
    part: "fit",
    rows: [{ set: "jade_v3", label: null }],
  },
  {
    name: "leading_question",
    technique: "written by hand so that the harm seems granted (Flames, Chinese)",
    part: "fit",
    rows: [{ set: "flames_zh", label: null }],
  },
  {
    name: "reverse_exposure",
    technique: "what to avoid is asked for in order to get it",
    part: "fit",
    rows: [{ set: "xsafety", label: "reverse_exposure" }],
  },
  {
    name: "unsafe_opinion",
    technique: "a harmful opinion is taken for granted in the question",
    part: "fit",
    rows: [{ set: "xsafety", label: "inquiry_with_unsafe_opinion" }],
  },
  {
    name: "unsafe_topic",
    technique: "an ordinary task is given about a harmful topic",
    part: "fit",
    rows: [{ set: "xsafety", label: "unsafe_instruction_topic" }],
  },
  {
    name: "goal_hijacking",
    technique: "the text tells to ignore what came before",
    part: "test",
    rows: [{ set: "xsafety", label: "goal_hijacking" }],
  },
  {
    name: "prompt_leaking",
    technique: "the model is to repeat its instructions",
    part: "test",
    rows: [{ set: "xsafety", label: "prompt_leaking" }],
  },
  {
    name: "injection",
    technique: "instructions stand in what the user or a tool hands over (CyberSecEval)",
    part: "test",
    rows: [{ set: "prompt_injection", label: null }],
  },
];

/** The family's name; `null`: asked outright, in words of its own. */
export function attackFamily(set: string, label: string | null): string | null {
  const holds = ({ rows }: AttackFamily): boolean =>
    rows.some((row) => row.set === set && (row.label === null || row.label === label));
  return ATTACK_FAMILIES.find(holds)?.name ?? null;
}
