// Minutes and days since the Unix epoch, in UTC, as whole numbers; how long they are.

export const MINUTE_MILLISECONDS = 60_000;
export const MINUTES_A_DAY = 1_440;
export const HOUR_MILLISECONDS = 60 * MINUTE_MILLISECONDS;
export const DAY_SECONDS = 86_400;
export const DAY_MILLISECONDS = MINUTES_A_DAY * MINUTE_MILLISECONDS;

export function minuteOf(milliseconds: number): number {
  return Math.floor(milliseconds / MINUTE_MILLISECONDS);
}

export function dayOf(milliseconds: number): number {
  return Math.floor(milliseconds / DAY_MILLISECONDS);
}

/** When the day after this moment begins, in milliseconds. */
export function nextDayStart(milliseconds: number): number {
  return (dayOf(milliseconds) + 1) * DAY_MILLISECONDS;
}

/** Whole seconds until the minute after this moment begins: 1 to 60. */
export function secondsToNextMinute(milliseconds: number): number {
  return Math.ceil((MINUTE_MILLISECONDS - (milliseconds % MINUTE_MILLISECONDS)) / 1000);
}
