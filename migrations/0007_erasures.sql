CREATE TABLE `access_log` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`key_id` text NOT NULL,
	`thing` text NOT NULL,
	`subjects` text NOT NULL,
	`request_id` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `access_log_by_project` ON `access_log` (`project_id`,`id`);--> statement-breakpoint
CREATE TABLE `erased_end_users` (
	`project_id` text NOT NULL,
	`end_user` text NOT NULL,
	`erasure_id` text NOT NULL,
	`captured_until` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `end_user`)
);
--> statement-breakpoint
CREATE INDEX `erased_end_users_by_erasure` ON `erased_end_users` (`erasure_id`);--> statement-breakpoint
CREATE INDEX `erased_end_users_by_expiry` ON `erased_end_users` (`expires_at`);--> statement-breakpoint
CREATE TABLE `erased_mistakes` (
	`project_id` text NOT NULL,
	`mistake_id` text NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `mistake_id`)
);
--> statement-breakpoint
CREATE INDEX `erased_mistakes_by_expiry` ON `erased_mistakes` (`expires_at`);--> statement-breakpoint
CREATE TABLE `erasures` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`key_id` text NOT NULL,
	`status` text NOT NULL,
	`place` text NOT NULL,
	`cursor` text,
	`erased` text NOT NULL,
	`release_ids` text NOT NULL,
	`created_at` integer NOT NULL,
	`finished_at` integer,
	`leased_until` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `erasures_by_project` ON `erasures` (`project_id`,`id`);--> statement-breakpoint
CREATE INDEX `erasures_by_status` ON `erasures` (`status`,`id`);--> statement-breakpoint
ALTER TABLE `keys` ADD `consent` text;--> statement-breakpoint
ALTER TABLE `releases` ADD `revision` text;--> statement-breakpoint
ALTER TABLE `releases` ADD `erased` integer DEFAULT 0 NOT NULL;