// What a process has used, from /proc (proc(5)). Law: Linux only; elsewhere everything is null, and what needs it is not measured.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** The fields of /proc/PID/stat after the name, which may hold anything. */
function statFields(pid: number): readonly string[] {
  const text = read(`/proc/${pid}/stat`);
  return text === null ? [] : text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function clockTicksPerSecond(): number {
  try {
    return Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  } catch {
    return 100;
  }
}

const TICKS_PER_SECOND = clockTicksPerSecond();

/** Processor time in user and kernel mode, of all threads, so far. */
export function processorSeconds(pid: number): number | null {
  // utime and stime are fields 14 and 15; the state, field 3, is the first after the name.
  const [user, kernel] = statFields(pid).slice(11, 13);
  return user === undefined || kernel === undefined ? null : (Number(user) + Number(kernel)) / TICKS_PER_SECOND;
}

/** The most memory that was resident since the last reset. */
export function peakMebibytes(pid: number): number | null {
  const kibibytes = /^VmHWM:\s*(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? "")?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) / 1024;
}

export function residentMebibytes(pid: number): number | null {
  const kibibytes = /^VmRSS:\s*(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? "")?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) / 1024;
}

/** Begins to count the peak anew from what is resident now (proc(5), clear_refs 5). */
export function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
  } catch {
    // Not allowed everywhere: the peak is then that of the process's whole life.
  }
}

/** The children of this very process whose program has that name. */
export function childrenNamed(name: string): readonly number[] {
  let entries: readonly string[];
  try {
    entries = readdirSync("/proc");
  } catch {
    return [];
  }
  return entries
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => Number(statFields(pid)[1]) === process.pid && read(`/proc/${pid}/comm`)?.trim() === name);
}
