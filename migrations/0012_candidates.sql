CREATE TABLE `candidates` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`name` text NOT NULL,
	`upstream` text NOT NULL,
	`model` text,
	`release_id` text,
	`gate` text NOT NULL,
	`state` text NOT NULL,
	`share` real NOT NULL,
	`reason` text,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`decided_at` integer
);
--> statement-breakpoint
CREATE INDEX `candidates_by_project` ON `candidates` (`project_id`,`id`);--> statement-breakpoint
CREATE INDEX `candidates_promoted` ON `candidates` (`project_id`,`decided_at`) WHERE state = 'promoted';--> statement-breakpoint
CREATE UNIQUE INDEX `candidates_one_canary` ON `candidates` (`project_id`) WHERE state = 'canary';--> statement-breakpoint
CREATE TABLE `trial_counts` (
	`project_id` text NOT NULL,
	`candidate_id` text NOT NULL,
	`arm` text NOT NULL,
	`outcome` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`project_id`, `candidate_id`, `arm`, `outcome`)
);
