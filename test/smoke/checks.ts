// A few words for a script that checks one thing after another: each check is named, and a failed one doesn't stop the rest.

export class Checks {
  #passed = 0;
  #failed = 0;

  /** Runs one named check; its result, or undefined if it threw. */
  async check<T>(name: string, run: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await run();
      this.#passed += 1;
      console.log(`ok      ${name}`);
      return result;
    } catch (caught) {
      this.#failed += 1;
      console.log(`FAILED  ${name}\n        ${caught instanceof Error ? caught.message : String(caught)}`);
      return undefined;
    }
  }

  /** Prints the closing line; the process's exit code. */
  close(): number {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 ? 0 : 1;
  }
}
