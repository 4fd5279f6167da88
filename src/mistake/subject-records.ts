// Port: rows that hold texts of end users, found by who stands behind them. Law: objects are deleted before the rows that name
// them, so that what could not be deleted is found again.

export interface SubjectRecord {
  readonly id: string;
  /** of the text, where it is an object */
  readonly objectKey: string | null;
}

export interface SubjectRecords {
  /** Up to `limit`. */
  listOf(projectId: string, endUsers: readonly string[], limit: number): Promise<readonly SubjectRecord[]>;
  /** With everything that hangs on them. */
  deleteRecords(projectId: string, records: readonly SubjectRecord[]): Promise<void>;
}
