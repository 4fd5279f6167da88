CREATE TABLE `archive_writes` (
	`key` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`announced_at` integer NOT NULL,
	`abandoned` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archive_writes_by_time` ON `archive_writes` (`announced_at`);--> statement-breakpoint
ALTER TABLE `releases` ADD `archived_at` integer;--> statement-breakpoint
CREATE INDEX `releases_unarchived` ON `releases` (`ready_at`) WHERE status = 'ready' AND archived_at IS NULL;