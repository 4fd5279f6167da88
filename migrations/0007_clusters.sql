CREATE TABLE `capture_counts` (
	`project_id` text NOT NULL,
	`subject` text NOT NULL,
	`length_minutes` integer NOT NULL,
	`start_minute` integer NOT NULL,
	`captured` integer NOT NULL,
	PRIMARY KEY(`project_id`, `subject`, `length_minutes`, `start_minute`)
);
--> statement-breakpoint
CREATE INDEX `capture_counts_by_start` ON `capture_counts` (`start_minute`);--> statement-breakpoint
CREATE TABLE `cluster_bands` (
	`band` integer PRIMARY KEY NOT NULL,
	`cluster_id` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `clusters` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`sketch` text NOT NULL,
	`size` integer NOT NULL,
	`created_at` integer NOT NULL,
	`latest_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `clusters_newest` ON `clusters` (`project_id`,`id`) WHERE size > 1;--> statement-breakpoint
CREATE INDEX `clusters_largest` ON `clusters` (`project_id`,`size`,`id`) WHERE size > 1;--> statement-breakpoint
CREATE TABLE `recurrences` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`mistake_id` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `recurrences_by_mistake` ON `recurrences` (`mistake_id`);--> statement-breakpoint
ALTER TABLE `mistakes` ADD `content_hash` text;--> statement-breakpoint
ALTER TABLE `mistakes` ADD `cluster_id` text;--> statement-breakpoint
ALTER TABLE `mistakes` ADD `quarantine` text;--> statement-breakpoint
CREATE INDEX `mistakes_by_content` ON `mistakes` (`project_id`,`content_hash`) WHERE content_hash IS NOT NULL;--> statement-breakpoint
CREATE INDEX `mistakes_by_cluster` ON `mistakes` (`project_id`,`cluster_id`,`id`) WHERE cluster_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `mistakes_by_quarantine` ON `mistakes` (`project_id`,`quarantine`,`id`) WHERE quarantine IS NOT NULL;