// A logger that keeps its lines, for tests that read them.
import type { Logger, LogFields } from "../../src/lib/logger.ts";

export interface LogLine {
  readonly level: "info" | "error";
  readonly event: string;
  readonly fields: LogFields;
}

export class KeptLogger implements Logger {
  readonly lines: LogLine[] = [];

  info(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: "info", event, fields });
  }

  error(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: "error", event, fields });
  }

  /** The lines of one event. */
  of(event: string): readonly LogLine[] {
    return this.lines.filter((line) => line.event === event);
  }
}
