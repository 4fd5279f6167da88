// What stands in a training target where something was cut out. Law: a target of which nothing else is left is no target.

export const WITHHELD_TEXT = "[withheld]";

export function saysNothing(target: string): boolean {
  return !/[\p{L}\p{N}]/u.test(target.replaceAll(WITHHELD_TEXT, ""));
}
