CREATE TABLE `monitored_projects` (
	`project_id` text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
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
CREATE TABLE `policies` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`name` text NOT NULL,
	`version` integer NOT NULL,
	`given` text NOT NULL,
	`resolved` text NOT NULL,
	`key_id` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `policies_by_project` ON `policies` (`project_id`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `policies_by_version` ON `policies` (`project_id`,`name`,`version`);--> statement-breakpoint
CREATE TABLE `policy_assignments` (
	`project_id` text NOT NULL,
	`key_id` text NOT NULL,
	`policy_id` text NOT NULL,
	PRIMARY KEY(`project_id`, `key_id`)
);
--> statement-breakpoint
CREATE TABLE `audit` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`key_id` text NOT NULL,
	`event` text NOT NULL,
	`subject` text NOT NULL,
	`details` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_by_project` ON `audit` (`project_id`,`id`);--> statement-breakpoint
ALTER TABLE `attacks` ADD `action` text DEFAULT 'block' NOT NULL;--> statement-breakpoint
ALTER TABLE `attacks` ADD `overruled_by` text;--> statement-breakpoint
ALTER TABLE `mistakes` ADD `correction` text;