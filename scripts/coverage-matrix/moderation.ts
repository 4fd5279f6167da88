// The other surface with guardrails, POST /v1/moderations: no model and no action, so that only the guardrail's health and the text
// matter. Law: a guardrail that failed is a 503 under every policy, never «not flagged».
import { isRecord, textField } from "../../src/lib/record.ts";
import { errorMessage } from "../../src/lib/error-message.ts";
import { type Cell, type Health, isBroken } from "./cell.ts";
import { type Change, matrixGateway } from "./gateway.ts";
import { WORKING_ID } from "./guardrails.ts";
import { CLEAN, FLAGGED } from "./texts.ts";

export interface ModerationResult {
  readonly name: string;
  readonly faults: readonly string[];
  readonly status: number;
  readonly flagged: boolean | null;
  readonly upstreamCalls: number;
}

const SHAPES = ["string", "list", "parts"] as const;
type Shape = (typeof SHAPES)[number];

const HEALTHS: readonly Health[] = ["fast", "blind", "judge", "down", "judge_down", "judge_too_late", "down_beside"];

function inputOf(shape: Shape, text: string): unknown {
  if (shape === "string") return text;
  return shape === "list" ? [CLEAN, text] : [{ type: "text", text }];
}

function flaggedOf(body: unknown): boolean | null {
  const results: unknown = isRecord(body) ? body["results"] : null;
  if (!Array.isArray(results)) return null;
  return results.some((result: unknown) => isRecord(result) && result["flagged"] === true);
}

function errorCodeOf(body: unknown): string | null {
  const error = isRecord(body) ? body["error"] : null;
  return isRecord(error) ? textField(error, "code") : null;
}

const PATIENCE_MILLISECONDS = 300;

async function moderate(cell: Cell, shape: Shape, isFlagged: boolean, change?: Change): Promise<ModerationResult> {
  const { health, side, failure } = cell;
  const name = `${side} ${health} ${failure} ${shape} ${isFlagged ? "flagged" : "clean"}`;
  const gateway = matrixGateway(cell, change);
  const faults: string[] = [];
  const same = (what: string, got: unknown, wanted: unknown): void => {
    if (got !== wanted) faults.push(`${what} is ${String(got)}, not ${String(wanted)}`);
  };
  let status = 0;
  let flagged: boolean | null = null;
  try {
    const begun = performance.now();
    const response = await gateway.fetch("/v1/moderations", {
      input: inputOf(shape, isFlagged ? FLAGGED : CLEAN),
    });
    const body: unknown = await response.json();
    status = response.status;
    flagged = flaggedOf(body);
    const hasFailed = isBroken(cell) || health === "down_beside";
    same("status", status, hasFailed ? 503 : 200);
    same("error code", errorCodeOf(body), hasFailed ? "guardrail_unavailable" : null);
    same("flagged", flagged, hasFailed ? null : isFlagged);
    same("upstream calls", gateway.upstream.calls(), 0);
    const ran = gateway.runs.get(`${WORKING_ID} ${side}`) ?? 0;
    if (!hasFailed && ran < (shape === "list" ? 2 : 1)) faults.push(`said after ${ran} checks`);
    const isLate = health === "judge_too_late" && performance.now() - begun > PATIENCE_MILLISECONDS;
    if (isLate) faults.push("the judge's deadline was not kept");
  } catch (caught) {
    faults.push(`it broke: ${errorMessage(caught)}`);
  }
  return { name, faults, status, flagged, upstreamCalls: gateway.upstream.calls() };
}

/** Every cell of this surface, one after the other. */
export async function moderationCells(plain: Cell, change?: Change): Promise<readonly ModerationResult[]> {
  const results: ModerationResult[] = [];
  for (const side of ["input", "output"] as const) {
    for (const health of HEALTHS) {
      for (const failure of ["closed", "open"] as const) {
        for (const [place, shape] of SHAPES.entries()) {
          // Pairwise over shape and text: what is flagged turns with the shape, and both come for a string.
          const texts = shape === "string" ? [true, false] : [place % 2 === 0];
          for (const isFlagged of texts) {
            results.push(await moderate({ ...plain, side, health, failure }, shape, isFlagged, change));
          }
        }
      }
    }
  }
  return results;
}
