// When an exchange is too large to travel in a queue message (128 KB) and goes to the object store instead.
// Law: sizes are UTF-8 bytes of the JSON that is sent, not characters.

export const MAX_INLINE_TEXT_BYTES = 32 * 1024;
export const MAX_INLINE_EXCHANGE_BYTES = 96 * 1024;

/** UTF-8 bytes of a string without encoding it. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && index + 1 < text.length) {
      bytes += 4;
      index += 1;
    } else bytes += 3;
  }
  return bytes;
}

function longestTextBytes(value: unknown): number {
  if (typeof value === "string") return value.length * 3 <= MAX_INLINE_TEXT_BYTES ? 0 : utf8Bytes(value);
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((longest, item) => Math.max(longest, longestTextBytes(item)), 0);
}

export function isTooLargeInline(value: unknown): boolean {
  return (
    longestTextBytes(value) > MAX_INLINE_TEXT_BYTES || utf8Bytes(JSON.stringify(value)) > MAX_INLINE_EXCHANGE_BYTES
  );
}
