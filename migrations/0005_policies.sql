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
CREATE TABLE `monitored_projects` (
	`project_id` text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
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
ALTER TABLE `attacks` ADD `action` text DEFAULT 'block' NOT NULL;