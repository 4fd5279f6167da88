CREATE TABLE `analysis_days` (
	`project_id` text NOT NULL,
	`day` integer NOT NULL,
	`key_id` text NOT NULL,
	`bought` integer NOT NULL,
	PRIMARY KEY(`project_id`, `day`, `key_id`)
);
--> statement-breakpoint
CREATE TABLE `deferred_analyses` (
	`mistake_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`day` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `deferred_analyses_by_day` ON `deferred_analyses` (`day`,`mistake_id`);--> statement-breakpoint
CREATE TABLE `outcome_minutes` (
	`project_id` text NOT NULL,
	`minute` integer NOT NULL,
	`key_id` text NOT NULL,
	`outcome` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`project_id`, `minute`, `key_id`, `outcome`)
);
--> statement-breakpoint
CREATE TABLE `usage_batches` (
	`id` text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `usage_days` (
	`project_id` text NOT NULL,
	`key_id` text NOT NULL,
	`day` integer NOT NULL,
	`tokens` integer NOT NULL,
	`micro_dollars` integer NOT NULL,
	PRIMARY KEY(`project_id`, `key_id`, `day`)
);
--> statement-breakpoint
CREATE TABLE `usage_minutes` (
	`project_id` text NOT NULL,
	`minute` integer NOT NULL,
	`key_id` text NOT NULL,
	`purpose` text NOT NULL,
	`model` text NOT NULL,
	`calls` integer NOT NULL,
	`prompt_tokens` integer NOT NULL,
	`completion_tokens` integer NOT NULL,
	`micro_dollars` integer NOT NULL,
	PRIMARY KEY(`project_id`, `minute`, `key_id`, `purpose`, `model`)
);
--> statement-breakpoint
ALTER TABLE `keys` ADD `requests_per_minute` integer;--> statement-breakpoint
ALTER TABLE `keys` ADD `tokens_per_day` integer;--> statement-breakpoint
ALTER TABLE `keys` ADD `micro_dollars_per_day` integer;