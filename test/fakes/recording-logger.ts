// A logger that remembers.
import type { Logger, LogFields } from "../../src/lib/logger.ts";

export class RecordingLogger implements Logger {
  readonly events: { readonly level: "info" | "error"; readonly event: string; readonly fields: LogFields }[] = [];

  info(event: string, fields: LogFields = {}): void {
    this.events.push({ level: "info", event, fields });
  }

  error(event: string, fields: LogFields = {}): void {
    this.events.push({ level: "error", event, fields });
  }

  count(event: string): number {
    return this.events.filter((each) => each.event === event).length;
  }
}
