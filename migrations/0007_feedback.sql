CREATE TABLE `feedback` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`voice` text NOT NULL,
	`subject` text NOT NULL,
	`label` text NOT NULL,
	`outcome` text,
	`mistake_id` text,
	`exchange_id` text,
	`completion_id` text,
	`category` text,
	`comment` text,
	`correction` text,
	`key_id` text NOT NULL,
	`request_id` text NOT NULL,
	`idempotency_hash` text,
	`body_hash` text,
	`created_at` integer NOT NULL,
	`replaced_by` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `feedback_one_voice` ON `feedback` (`project_id`,`subject`,`voice`) WHERE replaced_by IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `feedback_by_idempotency` ON `feedback` (`project_id`,`idempotency_hash`);--> statement-breakpoint
CREATE INDEX `feedback_by_project` ON `feedback` (`project_id`,`id`);--> statement-breakpoint
CREATE INDEX `feedback_by_label` ON `feedback` (`project_id`,`label`,`id`);--> statement-breakpoint
CREATE INDEX `feedback_by_outcome` ON `feedback` (`project_id`,`outcome`,`id`);--> statement-breakpoint
CREATE INDEX `feedback_by_mistake` ON `feedback` (`project_id`,`mistake_id`,`id`);--> statement-breakpoint
CREATE INDEX `feedback_by_voice` ON `feedback` (`project_id`,`voice`);--> statement-breakpoint
CREATE TABLE `imported_lines` (
	`project_id` text NOT NULL,
	`hash` text NOT NULL,
	`mistake_id` text NOT NULL,
	`flagged_correction` text,
	`comment` text,
	`stored_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `hash`)
);
--> statement-breakpoint
CREATE INDEX `imported_lines_by_mistake` ON `imported_lines` (`project_id`,`mistake_id`);--> statement-breakpoint
CREATE TABLE `kept_exchanges` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`choice` integer NOT NULL,
	`state` text NOT NULL,
	`verdicts` text NOT NULL,
	`action` text NOT NULL,
	`exchange` text,
	`exchange_key` text,
	`model` text NOT NULL,
	`guidance_version` text,
	`policy_version` text NOT NULL,
	`classifier_version` text,
	`key_id` text,
	`end_user` text,
	`request_id` text NOT NULL,
	`completion_id` text NOT NULL,
	`stream_mode` text,
	`created_at` integer NOT NULL,
	`expires_at` integer
);
--> statement-breakpoint
CREATE INDEX `kept_exchanges_by_completion` ON `kept_exchanges` (`project_id`,`completion_id`,`choice`,`id`);--> statement-breakpoint
CREATE INDEX `kept_exchanges_by_state` ON `kept_exchanges` (`project_id`,`state`,`id`);--> statement-breakpoint
CREATE INDEX `kept_exchanges_by_end_user` ON `kept_exchanges` (`project_id`,`end_user`);--> statement-breakpoint
CREATE INDEX `kept_exchanges_by_expiry` ON `kept_exchanges` (`expires_at`);--> statement-breakpoint
CREATE INDEX `mistakes_by_completion` ON `mistakes` (`project_id`,`completion_id`,`id`);