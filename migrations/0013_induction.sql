CREATE TABLE `induction_attempts` (
	`run_id` text NOT NULL,
	`attempt` integer NOT NULL,
	`project_id` text NOT NULL,
	`technique` text NOT NULL,
	`arm` text NOT NULL,
	`outcome` text,
	`calls` integer NOT NULL,
	`mistake_id` text,
	PRIMARY KEY(`run_id`, `attempt`)
);
--> statement-breakpoint
CREATE TABLE `induction_runs` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`status` text NOT NULL,
	`trigger` text NOT NULL,
	`settings` text NOT NULL,
	`techniques_version` text NOT NULL,
	`seeds` integer NOT NULL,
	`attempts` integer NOT NULL,
	`failure` text,
	`created_at` integer NOT NULL,
	`ended_at` integer
);
--> statement-breakpoint
CREATE INDEX `induction_runs_by_project` ON `induction_runs` (`project_id`,`id`);--> statement-breakpoint
ALTER TABLE `mistakes` ADD `technique` text;