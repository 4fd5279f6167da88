// What is claimed of checks and of what left, against what really ran and left. Law: a verdict of a check that did not run is a
// fault, and so is a text that left although nothing read it.
import { type Cell, isBroken } from "./cell.ts";
import type { Evidence } from "./compare.ts";
import { BROKEN_ID, WORKING_ID } from "./guardrails.ts";
import type { MistakeDraft } from "../../src/mistake/capture.ts";
import type { SeenChoice } from "./seen.ts";
import { MARKER } from "./texts.ts";

type Verdict = MistakeDraft["verdicts"][number];

function verdictFaults({ guardrail, status, reason, side, findings }: Verdict, { gateway }: Evidence): string[] {
  const claimsCheck = status === "pass" || status === "flag";
  const ran = gateway.runs.get(`${guardrail} ${side}`) ?? 0;
  return [
    ...(claimsCheck && guardrail === BROKEN_ID ? [`${guardrail} was down, and its verdict is ${status}`] : []),
    ...(claimsCheck && guardrail === WORKING_ID && ran === 0
      ? [`${guardrail} did not run, and its verdict is ${status}`]
      : []),
    ...(!claimsCheck && (reason === null || reason === "") ? [`${guardrail} is ${status} without a reason`] : []),
    ...(status !== "flag" && findings.length > 0 ? [`${guardrail} is ${status} with findings`] : []),
  ];
}

/** Units of the model's answer that the client has; markers are ours. */
function receivedCharacters({ texts, callId }: SeenChoice): number {
  const all = Object.values(texts).join("").replaceAll(MARKER, "");
  return all.length + callId.length;
}

function releaseFaults({ cell, seen, gateway }: Evidence): string[] {
  const last = gateway.mistakes.at(-1);
  const choice = seen.choices.get(cell.choices - 1);
  // A field that nobody knows counts with its name; a repair has two answers.
  const isCountable = !cell.carrier.startsWith("unknown") && choice?.told !== "repair" && cell.repair === "clean";
  if (last === undefined || choice === undefined || !isCountable || seen.isErrorEvent) return [];
  const received = receivedCharacters(choice);
  const { releasedCharacters } = last;
  return [
    ...(releasedCharacters === received
      ? []
      : [`${releasedCharacters} released characters recorded, ${received} came`]),
    ...(choice.releasedTold === null || choice.releasedTold === received
      ? []
      : [`${choice.releasedTold} released characters told, ${received} came`]),
  ];
}

function ranFaults(cell: Cell, { seen, gateway }: Evidence): string[] {
  const hasLeft = seen.choices.size > 0 && !seen.isErrorEvent;
  if (!hasLeft || isBroken(cell) || cell.health === "shipped") return [];
  const ran = gateway.runs.get(`${WORKING_ID} ${cell.side}`) ?? 0;
  const least = cell.side === "input" ? 1 : cell.choices;
  return ran < least ? [`an answer left after ${ran} checks of ${least}`] : [];
}

function unreadFaults({ content }: Cell, { gateway }: Evidence): string[] {
  const isSilent = (verdicts: readonly Verdict[]): boolean => !verdicts.some(({ status }) => status === "skipped");
  const isUntold = content === "image" && gateway.mistakes.some(({ verdicts }) => isSilent(verdicts));
  return isUntold ? ["a mistake's verdicts do not say that the image was skipped"] : [];
}

export function falseClaims(evidence: Evidence): readonly string[] {
  const { cell, gateway } = evidence;
  const mode = cell.delivery === "json" ? null : cell.delivery;
  const verdicts = [...gateway.mistakes, ...gateway.attacks].flatMap((captured) => captured.verdicts);
  return [
    ...new Set(verdicts.flatMap((verdict) => verdictFaults(verdict, evidence))),
    ...gateway.mistakes.flatMap(({ provenance: { streamMode } }) =>
      streamMode === mode ? [] : [`a mistake's stream mode is ${String(streamMode)}, not ${String(mode)}`],
    ),
    ...gateway.attacks.flatMap(({ upstreamStarted }) =>
      upstreamStarted === gateway.upstream.calls() > 0 ? [] : ["upstream_started is not true"],
    ),
    ...releaseFaults(evidence),
    ...unreadFaults(cell, evidence),
    ...ranFaults(cell, evidence),
  ];
}
