// Executes one cell on an application of its own and says what came of it. Law: whatever is thrown is a fault of the cell.
import { errorMessage } from "../../src/lib/error-message.ts";
import { type Cell, nameOf } from "./cell.ts";
import { faultsOf } from "./compare.ts";
import { type Change, type MatrixGateway, matrixGateway } from "./gateway.ts";
import { expectationsOf } from "./oracle.ts";
import { requestOf } from "./request.ts";
import { see, type Seen } from "./seen.ts";

export interface CellResult {
  readonly cell: Cell;
  readonly name: string;
  readonly faults: readonly string[];
  readonly upstreamCalls: number;
  readonly leakedCharacters: number;
  readonly client: {
    readonly status: number;
    readonly errorCode: string | null;
    readonly isErrorEvent: boolean;
    readonly finishReasons: readonly (string | null)[];
    readonly actions: readonly (string | null)[];
    readonly isFailureTold: boolean;
  };
  readonly captured: {
    readonly mistakes: readonly { readonly action: string; readonly releasedCharacters: number }[];
    readonly attacks: number;
    readonly alarms: number;
  };
}

const LONGEST_MILLISECONDS = 5_000;

async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error("no end within 5 s"));
    }, LONGEST_MILLISECONDS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function clientOf(seen: Seen | null): CellResult["client"] {
  const choices = seen === null ? [] : [...seen.choices].toSorted(([left], [right]) => left - right);
  return {
    status: seen?.status ?? 0,
    errorCode: seen?.errorCode ?? null,
    isErrorEvent: seen?.isErrorEvent ?? false,
    finishReasons: choices.map(([, { finishReason }]) => finishReason),
    actions: choices.map(([, { told }]) => told),
    isFailureTold: choices.some(([, { isFailureTold }]) => isFailureTold),
  };
}

interface Executed {
  readonly seen: Seen | null;
  readonly faults: readonly string[];
}

async function execute(cell: Cell, gateway: MatrixGateway): Promise<Executed> {
  const exchange = async (): Promise<Seen> => {
    const response = await gateway.fetch("/v1/chat/completions", requestOf(cell));
    return await see(cell, response, () => gateway.mistakes.length);
  };
  try {
    const seen = await inTime(exchange());
    return { seen, faults: faultsOf({ cell, seen, gateway }, expectationsOf(cell)) };
  } catch (caught) {
    return { seen: null, faults: [`it broke: ${errorMessage(caught)}`] };
  }
}

export async function runCell(cell: Cell, change?: Change): Promise<CellResult> {
  const gateway = matrixGateway(cell, change);
  const { seen, faults } = await execute(cell, gateway);
  return {
    cell,
    name: nameOf(cell),
    faults,
    upstreamCalls: gateway.upstream.calls(),
    leakedCharacters: seen?.leaked ?? 0,
    client: clientOf(seen),
    captured: {
      mistakes: gateway.mistakes.map(({ action, releasedCharacters }) => ({ action, releasedCharacters })),
      attacks: gateway.attacks.length,
      alarms: gateway.alarms(),
    },
  };
}
