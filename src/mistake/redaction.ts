// Placeholder until the real one lands.
export interface Redaction { readonly text: string; readonly replacements: readonly { readonly start: number; readonly end: number }[] }
export function redact(text: string): Redaction { return { text, replacements: [] }; }
export function mapSpan(_redaction: Redaction, span: { readonly start: number; readonly end: number }): { start: number; end: number } { return { start: span.start, end: span.end }; }
