// Logs as one JSON object a line on the console, where Workers Logs and `wrangler tail` read them.
import type { Logger, LogFields } from "../../lib/logger.ts";

export class ConsoleLogger implements Logger {
  info(event: string, fields: LogFields = {}): void {
    // eslint-disable-next-line no-console -- this file is the one place that writes logs
    console.log(JSON.stringify({ level: "info", event, ...fields }));
  }

  error(event: string, fields: LogFields = {}): void {
    // eslint-disable-next-line no-console -- this file is the one place that writes logs
    console.error(JSON.stringify({ level: "error", event, ...fields }));
  }
}
