// Asks again until something is there.

const PAUSE_MILLISECONDS = 400;

/** Rejects with a sentence that names `what` if it does not come in time. */
export async function until<T>(what: string, milliseconds: number, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${milliseconds / 1000} s.`);
    await new Promise((wait) => setTimeout(wait, PAUSE_MILLISECONDS));
  }
}
