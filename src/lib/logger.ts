// Port: structured logs. Law: fields are ids, counts and codes; never a text of an exchange, never a secret.

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export interface Logger {
  info(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
