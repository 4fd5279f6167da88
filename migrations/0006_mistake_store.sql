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
CREATE TABLE `archive_writes` (
	`key` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`announced_at` integer NOT NULL,
	`abandoned` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archive_writes_by_time` ON `archive_writes` (`announced_at`);--> statement-breakpoint
CREATE TABLE `review_queue` (
	`mistake_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`priority` integer NOT NULL,
	`reason` text NOT NULL,
	`enqueued_at` integer NOT NULL,
	`lease_id` text,
	`lease_key_id` text,
	`lease_reviewer` text,
	`lease_expires_at` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `review_queue_by_priority` ON `review_queue` (`project_id`,`priority`,`mistake_id`);--> statement-breakpoint
CREATE INDEX `review_queue_by_lease` ON `review_queue` (`lease_id`) WHERE lease_id IS NOT NULL;--> statement-breakpoint
DROP INDEX `mistakes_by_state`;--> statement-breakpoint
DROP INDEX `mistakes_by_source`;--> statement-breakpoint
DROP INDEX `mistakes_by_kind`;--> statement-breakpoint
DROP INDEX `mistakes_by_release`;--> statement-breakpoint
ALTER TABLE `mistakes` ADD `end_user` text;--> statement-breakpoint
ALTER TABLE `mistakes` ADD `content_hash` text;--> statement-breakpoint
ALTER TABLE `mistakes` ADD `cluster_id` text;--> statement-breakpoint
ALTER TABLE `mistakes` ADD `quarantine` text;--> statement-breakpoint
CREATE INDEX `mistakes_by_facets` ON `mistakes` (`project_id`,`state`,`source`,`kind`,`id`);--> statement-breakpoint
CREATE INDEX `mistakes_by_key` ON `mistakes` (`project_id`,`key_id`,`state`,`source`,`kind`,`id`);--> statement-breakpoint
CREATE INDEX `mistakes_by_policy` ON `mistakes` (`project_id`,`policy_version`,`state`,`source`,`kind`,`id`);--> statement-breakpoint
CREATE INDEX `mistakes_claimable` ON `mistakes` (`project_id`,`id`) WHERE state = 'confirmed' AND release_id IS NULL;--> statement-breakpoint
CREATE INDEX `mistakes_released` ON `mistakes` (`project_id`,`id`) WHERE state = 'released';--> statement-breakpoint
CREATE INDEX `mistakes_by_completion` ON `mistakes` (`project_id`,`completion_id`,`id`);--> statement-breakpoint
CREATE INDEX `mistakes_by_end_user` ON `mistakes` (`project_id`,`end_user`,`id`) WHERE "mistakes"."end_user" is not null;--> statement-breakpoint
CREATE INDEX `mistakes_by_content` ON `mistakes` (`project_id`,`content_hash`) WHERE content_hash IS NOT NULL;--> statement-breakpoint
CREATE INDEX `mistakes_by_cluster` ON `mistakes` (`project_id`,`cluster_id`,`id`) WHERE cluster_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `mistakes_by_quarantine` ON `mistakes` (`project_id`,`quarantine`,`id`) WHERE quarantine IS NOT NULL;--> statement-breakpoint
CREATE INDEX `mistakes_by_release` ON `mistakes` (`project_id`,`release_id`,`id`) WHERE release_id IS NOT NULL;--> statement-breakpoint
ALTER TABLE `attacks` ADD `end_user` text;--> statement-breakpoint
CREATE INDEX `attacks_by_end_user` ON `attacks` (`project_id`,`end_user`,`id`) WHERE "attacks"."end_user" is not null;--> statement-breakpoint
CREATE INDEX `attacks_by_key` ON `attacks` (`project_id`,`key_id`,`id`);--> statement-breakpoint
ALTER TABLE `reviews` ADD `reviewer` text;--> statement-breakpoint
ALTER TABLE `reviews` ADD `by` text DEFAULT 'person' NOT NULL;--> statement-breakpoint
ALTER TABLE `reviews` ADD `kind` text;--> statement-breakpoint
ALTER TABLE `reviews` ADD `categories` text;--> statement-breakpoint
ALTER TABLE `reviews` ADD `correction` text;--> statement-breakpoint
ALTER TABLE `reviews` ADD `required` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `reviews` ADD `standing` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `reviews` ADD `bulk_id` text;--> statement-breakpoint
ALTER TABLE `keys` ADD `consent` text;--> statement-breakpoint
ALTER TABLE `releases` ADD `revision` text;--> statement-breakpoint
ALTER TABLE `releases` ADD `erased` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `releases` ADD `archived_at` integer;--> statement-breakpoint
CREATE INDEX `releases_unarchived` ON `releases` (`status`,`archived_at`,`ready_at`);