// Logs are one JSON object a line.
import { afterEach, expect, it, vi } from "vitest";
import { ConsoleLogger } from "../../../src/adapters/console/console-logger.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

it.each([
  ["info", "log"],
  ["error", "error"],
] as const)("%s goes to console.%s", (level, method) => {
  const printed = vi.spyOn(console, method).mockImplementation(() => undefined);
  new ConsoleLogger()[level]("it_happened", { id: "a\nb", count: 1 });
  new ConsoleLogger()[level]("again");
  expect(printed.mock.calls).toEqual([
    [`{"level":"${level}","event":"it_happened","id":"a\\nb","count":1}`],
    [`{"level":"${level}","event":"again"}`],
  ]);
});
