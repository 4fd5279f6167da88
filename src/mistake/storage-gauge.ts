// Port: how full the database is. Law: an answer may be a minute old; a database that can't be asked is an error, never empty.

export interface StorageGauge {
  /** of the limit: 0 is empty, 1 is full */
  fullShare(): Promise<number>;
}

/** From here on the operator is warned. */
export const FILLING_SHARE = 0.8;
/** From here on texts go to the object store, and rows alone into the database. */
export const CROWDED_SHARE = 0.9;
/** From here on it may refuse any moment: a batch of captures is a megabyte, and the limit 10 GB. */
export const FULL_SHARE = 0.999;
