// A JSON value whose every access is counted. Law: what the validator does with a large value is paid for as it does it, so that no
// schema and no answer can cost more than the budget.
import { isRecord } from "../../lib/record.ts";

/** @param spend called with the number of entries that an access goes through */
export function countedValue(value: unknown, spend: (steps: number) => void): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return counted(
      items.map((item) => countedValue(item, spend)),
      spend,
    );
  }
  if (!isRecord(value)) return value;
  return counted(
    Object.fromEntries(Object.entries(value).map(([key, part]) => [key, countedValue(part, spend)])),
    spend,
  );
}

function counted(container: object, spend: (steps: number) => void): object {
  return new Proxy(container, {
    get: (target, key): unknown => {
      spend(1);
      return Reflect.get(target, key);
    },
    getOwnPropertyDescriptor: (target, key) => {
      spend(1);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    ownKeys: (target) => {
      const keys = Reflect.ownKeys(target);
      spend(keys.length + 1);
      return keys;
    },
  });
}
