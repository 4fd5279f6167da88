// The reader that gathers. Law: every byte in its order for any cut; it asks for more while bytes come fast, and for one after
// a pause.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GatheringReader, WakeCount } from "../../../src/adapters/openai/gathering-reader.ts";

/** A byte stream that says how many bytes each read asked for, and takes as long as the script says. */
class ScriptedBody {
  readonly askedFor: number[] = [];
  cancelled = false;
  nowMilliseconds = 0;
  readonly #piece: Uint8Array;

  constructor(pieceBytes: number) {
    this.#piece = new Uint8Array(pieceBytes).fill(1);
  }

  readonly now = (): number => this.nowMilliseconds;
  /** what the next reads take */
  milliseconds = 0;
  pulled = (): void => undefined;

  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream({
      type: "bytes",
      pull: (controller) => {
        this.nowMilliseconds += this.milliseconds;
        this.pulled();
        controller.enqueue(this.#piece.slice());
      },
      cancel: () => {
        this.cancelled = true;
      },
    });
  }
}

function piecesOf(bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((left, right) => left - right);
  return ends.map((end, place) => bytes.subarray(ends[place - 1] ?? 0, end));
}

function byteStream(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const { readable, writable } = new IdentityTransformStream();
  const writer = writable.getWriter();
  void (async () => {
    for (const piece of pieces) await writer.write(piece);
    await writer.close();
  })();
  return readable;
}

function pieceStream(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

async function readAll(reader: GatheringReader): Promise<readonly Uint8Array[]> {
  const read: Uint8Array[] = [];
  for (let bytes = await reader.read(); bytes !== null; bytes = await reader.read()) read.push(bytes);
  return read;
}

function joined(pieces: readonly Uint8Array[]): number[] {
  return pieces.flatMap((piece) => [...piece]);
}

describe("GatheringReader", () => {
  it.each([
    ["bytes", byteStream],
    ["pieces", pieceStream],
  ])("hands on every byte in its order, however a stream of %s is cut", async (_name, stream) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 20_000 }),
        fc.array(fc.nat({ max: 20_000 }), { maxLength: 40 }),
        fc.array(fc.nat({ max: 20 }), { minLength: 1 }),
        async (bytes, cuts, steps) => {
          let [time, step] = [0, 0];
          const now = (): number => (time += steps[(step += 1) % steps.length] ?? 0);
          const reader = new GatheringReader(stream(piecesOf(bytes, cuts)), { now });
          const read = await readAll(reader);
          expect(joined(read)).toEqual([...bytes]);
          expect(read.every(({ length }) => length > 0)).toBe(true);
          expect(await reader.read()).toBeNull();
        },
      ),
      { numRuns: 50 },
    );
  });

  it("gathers what comes fast in ever larger pieces", async () => {
    const pieces = Array.from({ length: 500 }, () => new Uint8Array(200));
    const lengths = (await readAll(new GatheringReader(byteStream(pieces), { now: () => 0 }))).map(
      ({ length }) => length,
    );
    expect(lengths.slice(0, 3)).toEqual([200, 200, 200]);
    expect(lengths.length).toBeLessThan(30);
    expect(Math.max(...lengths)).toBeGreaterThanOrEqual(8 * 1024);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(16 * 1024);
  });

  it("never waits for a second piece of a stream that comes slowly", async () => {
    const body = new ScriptedBody(200);
    body.milliseconds = 5;
    const reader = new GatheringReader(body.stream(), { now: body.now });
    for (let count = 0; count < 100; count += 1) expect((await reader.read())?.length).toBe(200);
  });

  it("does not wait after an empty delta and a token that came together", async () => {
    const body = new ScriptedBody(250);
    const reader = new GatheringReader(body.stream(), { now: body.now });
    await reader.read();
    await reader.read();
    body.milliseconds = 5;
    for (let count = 0; count < 20; count += 1) expect((await reader.read())?.length).toBe(250);
  });

  it("goes back to single pieces after a pause, and asks for no more than a burst holds", async () => {
    const body = new ScriptedBody(200);
    const reader = new GatheringReader(body.stream(), { now: body.now });
    const lengths = async (reads: number): Promise<number[]> => {
      const read: number[] = [];
      for (let count = 0; count < reads; count += 1) read.push((await reader.read())?.length ?? 0);
      return read;
    };
    // Half of what came so far: 300 of 600 bytes, then 500 of 1,000, in pieces of 200.
    expect(await lengths(5)).toEqual([200, 200, 200, 400, 600]);
    body.milliseconds = 50;
    expect(await lengths(4)).toEqual([800, 200, 200, 200]);
    body.milliseconds = 0;
    // 1,600 bytes came before the pause: as many come singly before it asks for more.
    expect(await lengths(10)).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 200, 200]);
    expect(await lengths(3)).toEqual([200, 400, 600]);
  });

  it("takes its own queueing for no slow upstream", async () => {
    const body = new ScriptedBody(200);
    const wakes = new WakeCount();
    const busy = new GatheringReader(body.stream(), {
      now: () => {
        // Between any two looks at the clock, other readers woke the isolate a hundred times.
        for (let count = 0; count < 100; count += 1) wakes.add();
        return (body.nowMilliseconds += 5);
      },
      wakes,
    });
    const read: number[] = [];
    for (let count = 0; count < 10; count += 1) read.push((await busy.read())?.length ?? 0);
    expect(read.slice(0, 6)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(Math.max(...read)).toBeGreaterThan(2000);
  });

  it("finds out within some reads that a slow isolate is no slow upstream, however long each read takes", async () => {
    const body = new ScriptedBody(200);
    const wakes = new WakeCount();
    const reader = new GatheringReader(body.stream(), {
      now: () => {
        // Sixty-four streams in large reads: a turn of all takes longer than a hundred milliseconds, whatever this read asks for.
        for (let count = 0; count < 64; count += 1) wakes.add();
        return (body.nowMilliseconds += 150);
      },
      wakes,
    });
    let bytes = 0;
    for (let count = 0; count < 20; count += 1) bytes += (await reader.read())?.length ?? 0;
    expect(bytes).toBeGreaterThan(40 * 1024);
  });

  it("is wrong about a fast stream for some hundred reads at most", async () => {
    const wakes = new WakeCount();
    for (let count = 0; count < 20; count += 1) wakes.trialEnded(false, wakes.readsBeforeTrial);
    const body = new ScriptedBody(200);
    const reader = new GatheringReader(body.stream(), {
      now: () => {
        for (let count = 0; count < 64; count += 1) wakes.add();
        return (body.nowMilliseconds += 20);
      },
      wakes,
    });
    const read: number[] = [];
    for (let count = 0; count < 220; count += 1) read.push((await reader.read())?.length ?? 0);
    expect(read.slice(0, 100).every((length) => length === 200)).toBe(true);
    expect(Math.max(...read)).toBeGreaterThan(2000);
  });

  it("takes many trials that failed at once for one", () => {
    const wakes = new WakeCount();
    const before = wakes.readsBeforeTrial;
    for (let count = 0; count < 64; count += 1) wakes.trialEnded(false, before);
    expect(wakes.readsBeforeTrial).toBe(before * 2);
  });

  it("tries less than once in a hundred reads whether slow streams only seem slow, however many there are", async () => {
    const wakes = new WakeCount();
    const lengths: number[] = [];
    // Sixteen streams, one after the other: what one found out, the next ones know.
    for (let stream = 0; stream < 16; stream += 1) {
      const body = new ScriptedBody(200);
      body.milliseconds = 5;
      // With every piece of this stream came one of each of sixty others.
      body.pulled = () => {
        for (let count = 0; count < 60; count += 1) wakes.add();
      };
      const reader = new GatheringReader(body.stream(), { now: body.now, wakes });
      for (let count = 0; count < 100; count += 1) lengths.push((await reader.read())?.length ?? 0);
    }
    const gathered = lengths.filter((length) => length > 200);
    expect(gathered.length).toBeGreaterThan(0);
    expect(gathered.length).toBeLessThan(lengths.length / 100);
    // Four hundred reads are enough to find that out.
    expect(lengths.slice(-1_200).every((length) => length === 200)).toBe(true);
  });

  it.each([
    ["bytes", true],
    ["pieces", false],
  ])("stops a stream of %s", async (_name, bytes) => {
    let cancelled = false;
    const source = {
      pull: (controller: ReadableByteStreamController | ReadableStreamDefaultController<Uint8Array>) => {
        controller.enqueue(new Uint8Array(10));
      },
      cancel: () => {
        cancelled = true;
      },
    };
    const body = bytes ? new ReadableStream({ ...source, type: "bytes" }) : new ReadableStream<Uint8Array>(source);
    const reader = new GatheringReader(body);
    expect((await reader.read())?.length).toBe(10);
    await reader.cancel();
    expect(cancelled).toBe(true);
    expect(await reader.read()).toBeNull();
  });

  it("passes an upstream's failure on", async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.error(new Error("broken"));
      },
    });
    await expect(new GatheringReader(body).read()).rejects.toThrow("broken");
  });
});
