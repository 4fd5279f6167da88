// The lines of a deployment: what, its name, what became of it.

const KIND_COLUMN = 10;
const NAME_COLUMN = 32;

export type Report = (kind: string, name: string, outcome: string) => void;

export function reportTo(print: (line: string) => void): Report {
  return (kind, name, outcome) => {
    print(`${kind.padEnd(KIND_COLUMN)} ${name.padEnd(NAME_COLUMN)} ${outcome}`.trimEnd());
  };
}
