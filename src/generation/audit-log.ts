// What would have been flagged in a log, and why, line by line. Law: nothing is stored, and nobody's answer is asked for; the same
// checks as of a policy's test.
import type { CompiledPolicy } from "../guardrail/compiled-policy.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import { errorMessage } from "../lib/error-message.ts";
import type { JsonLine } from "../lib/json-lines.ts";
import type { Logger } from "../lib/logger.ts";
import { type AuditEntry, readAuditLine } from "../wire/audit-line.ts";
import { firstIssue } from "../wire/first-issue.ts";
import { type Checking, outcomeOf } from "./compare-policies.ts";

export interface Audit {
  readonly compiled: CompiledPolicy;
  readonly checking: Checking;
  readonly logger: Logger;
}

type Exchange = Extract<AuditEntry, { object: "audited_exchange" }>;
type Summary = Extract<AuditEntry, { object: "audit_summary" }>;

function verdictEntry({ latencyMilliseconds, findings, ...verdict }: Verdict): Exchange["verdicts"][number] {
  // A judge's own words may quote the exchange, and here nothing was redacted.
  return { ...verdict, rationale: null, latency_ms: latencyMilliseconds, findings: [...findings] };
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0) + 1;
}

async function* auditLine({ compiled, checking }: Audit, line: number, value: unknown): AsyncGenerator<AuditEntry> {
  const read = readAuditLine(value);
  if (!read.success) {
    const { param, message } = firstIssue(read.error);
    yield { object: "audit_fault", line, path: param ?? "", message };
    return;
  }
  const { id, messages, answers } = read.data;
  for (const [choice, answer] of answers.entries()) {
    const { input, output, verdicts } = await outcomeOf(compiled, { messages, answer }, checking);
    const telling = verdicts.filter(({ status }) => status !== "pass");
    const flagged = telling.some(({ status }) => status === "flag");
    yield {
      ...{ object: "audited_exchange", line, id, choice, flagged, input, output },
      verdicts: telling.map(verdictEntry),
    };
  }
}

function add(summary: Summary, entry: AuditEntry): void {
  if (entry.object === "audit_fault") summary.refused += 1;
  if (entry.object !== "audited_exchange") return;
  summary.exchanges += 1;
  if (entry.flagged) summary.flagged += 1;
  const categories = entry.verdicts.flatMap(({ findings }) => findings.map(({ category }) => category));
  for (const category of new Set(categories)) count(summary.categories, category);
  count(summary.input_actions, entry.input);
  if (entry.output !== null) count(summary.output_actions, entry.output);
}

/** An entry for each exchange and each line that can't be read; the summary comes last, also where the log breaks off. */
export async function* auditLog(audit: Audit, lines: AsyncIterable<JsonLine>): AsyncGenerator<AuditEntry> {
  const summary: Summary = {
    ...{ object: "audit_summary", policy_version: audit.compiled.policy.version },
    ...{ lines: 0, exchanges: 0, flagged: 0, refused: 0 },
    ...{ categories: {}, input_actions: {}, output_actions: {}, stopped: null },
  };
  try {
    for await (const found of lines) {
      summary.lines += 1;
      if ("fault" in found) {
        const fault: AuditEntry = { object: "audit_fault", line: found.line, path: null, message: found.fault };
        add(summary, fault);
        yield fault;
        continue;
      }
      for await (const entry of auditLine(audit, found.line, found.value)) {
        add(summary, entry);
        yield entry;
      }
    }
  } catch (caught) {
    audit.logger.error("audit_stopped", { reason: errorMessage(caught) });
    summary.stopped = "It broke off: the body ended early, or a check failed.";
  }
  yield summary;
}
