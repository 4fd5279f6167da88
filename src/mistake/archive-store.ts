// Port: the rows whose texts can leave the database. Law: a segment is announced before it is written and its texts leave their rows
// in the transaction that takes the announcement back, so that whatever is announced still has its texts in the database.

export interface Archivable {
  readonly id: string;
  /** the exchange as JSON, as it is stored */
  readonly text: string;
}

export interface ArchivableRelease {
  readonly projectId: string;
  readonly releaseId: string;
}

export interface AnnouncedSegment {
  readonly key: string;
  readonly projectId: string;
}

export interface ArchiveStore {
  /** The release that became ready first, before this moment, and may still have texts in rows. */
  nextArchivable(readyBefore: number): Promise<ArchivableRelease | null>;
  /** Released mistakes of it that hold their text themselves, oldest first. */
  listArchivable(release: ArchivableRelease, limit: number): Promise<readonly Archivable[]>;
  /** No text of it is left in a row. */
  markArchived(release: ArchivableRelease, archivedAt: number): Promise<void>;
  announce(segment: AnnouncedSegment, at: number): Promise<void>;
  /** Texts leave the rows that still hold exactly them, unless the segment was abandoned; gives back which did. */
  moveTexts(
    segment: AnnouncedSegment,
    moved: readonly (Archivable & { readonly pointer: string })[],
  ): Promise<readonly string[]>;
  /** Announced before this moment and never finished: from now on they can't be. */
  abandon(announcedBefore: number, limit: number): Promise<readonly AnnouncedSegment[]>;
  forget(segment: AnnouncedSegment): Promise<void>;
}
