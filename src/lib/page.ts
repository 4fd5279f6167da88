// A page of a list, newest first.

/** `cursor` is the last id of the page before. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}
