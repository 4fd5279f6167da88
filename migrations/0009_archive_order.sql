DROP INDEX `releases_unarchived`;--> statement-breakpoint
CREATE INDEX `releases_unarchived` ON `releases` (`status`,`archived_at`,`ready_at`);