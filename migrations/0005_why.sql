CREATE TABLE `overrules` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`subject_id` text NOT NULL,
	`scope` text NOT NULL,
	`allowances` text NOT NULL,
	`comment` text NOT NULL,
	`subject_state` text,
	`mistake_id` text,
	`key_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`reverted_at` integer,
	`reverted_by` text
);
--> statement-breakpoint
CREATE INDEX `overrules_by_project` ON `overrules` (`project_id`,`id`);--> statement-breakpoint
CREATE INDEX `overrules_by_subject` ON `overrules` (`project_id`,`subject_id`,`id`);--> statement-breakpoint
CREATE INDEX `overrules_by_expiry` ON `overrules` (`project_id`,`reverted_at`,`expires_at`);--> statement-breakpoint
ALTER TABLE `attacks` ADD `overruled_by` text;--> statement-breakpoint
ALTER TABLE `mistakes` ADD `correction` text;