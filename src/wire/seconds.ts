// OpenAI's times are whole seconds since the Unix epoch; ours are milliseconds.

export function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
