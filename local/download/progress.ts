// A progress bar on a terminal, a line every tenth elsewhere. Law: it writes to one stream and knows nothing of what is downloaded.

const BAR_CHARACTERS = 30;
const MEGABYTE = 1_000_000;

export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export type ReportProgress = (bytes: number) => void;

export function createProgress(label: string, totalBytes: number, output: ProgressOutput): ReportProgress {
  let shownTenth = -1;
  let ended = false;
  return (bytes) => {
    if (ended) return;
    const share = Math.min(1, bytes / totalBytes);
    ended = share === 1;
    const size = `${Math.round(bytes / MEGABYTE)}/${Math.round(totalBytes / MEGABYTE)} MB`;
    if (output.isTTY === true) {
      const filled = Math.round(share * BAR_CHARACTERS);
      const bar = "█".repeat(filled) + "░".repeat(BAR_CHARACTERS - filled);
      output.write(`\r${label} ${bar} ${Math.floor(share * 100)} % ${size}${ended ? "\n" : ""}`);
      return;
    }
    const tenth = Math.floor(share * 10);
    if (tenth === shownTenth) return;
    shownTenth = tenth;
    output.write(`${label} ${tenth * 10} % ${size}\n`);
  };
}
