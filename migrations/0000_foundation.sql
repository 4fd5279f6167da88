CREATE TABLE `analyses` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`mistake_id` text NOT NULL,
	`text` text NOT NULL,
	`prompt_version` text NOT NULL,
	`model` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `analyses_by_mistake` ON `analyses` (`project_id`,`mistake_id`,`id`);--> statement-breakpoint
CREATE TABLE `attacks` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`categories` text NOT NULL,
	`verdicts` text NOT NULL,
	`messages` text,
	`messages_key` text,
	`policy_version` text NOT NULL,
	`key_id` text NOT NULL,
	`request_id` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `attacks_by_project` ON `attacks` (`project_id`,`id`);--> statement-breakpoint
CREATE TABLE `keys` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`name` text NOT NULL,
	`scopes` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `keys_by_hash` ON `keys` (`hash`);--> statement-breakpoint
CREATE INDEX `keys_by_project` ON `keys` (`project_id`,`id`);--> statement-breakpoint
CREATE TABLE `mistakes` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`kind` text NOT NULL,
	`source` text NOT NULL,
	`state` text NOT NULL,
	`categories` text NOT NULL,
	`verdicts` text NOT NULL,
	`action` text NOT NULL,
	`exchange` text,
	`exchange_key` text,
	`model` text NOT NULL,
	`guidance_version` text,
	`policy_version` text NOT NULL,
	`classifier_version` text,
	`key_id` text,
	`request_id` text NOT NULL,
	`completion_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`release_id` text
);
--> statement-breakpoint
CREATE INDEX `mistakes_by_project` ON `mistakes` (`project_id`,`id`);--> statement-breakpoint
CREATE INDEX `mistakes_by_state` ON `mistakes` (`project_id`,`state`,`id`);--> statement-breakpoint
CREATE INDEX `mistakes_by_source` ON `mistakes` (`project_id`,`source`,`id`);--> statement-breakpoint
CREATE INDEX `mistakes_by_release` ON `mistakes` (`project_id`,`release_id`,`id`);--> statement-breakpoint
CREATE INDEX `mistakes_by_kind` ON `mistakes` (`project_id`,`kind`,`id`);--> statement-breakpoint
CREATE TABLE `projects` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `release_mistakes` (
	`project_id` text NOT NULL,
	`release_id` text NOT NULL,
	`mistake_id` text NOT NULL,
	PRIMARY KEY(`release_id`, `mistake_id`)
);
--> statement-breakpoint
CREATE INDEX `release_mistakes_by_mistake` ON `release_mistakes` (`project_id`,`mistake_id`);--> statement-breakpoint
CREATE TABLE `releases` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`status` text NOT NULL,
	`trigger` text NOT NULL,
	`include_released` integer NOT NULL,
	`counts` text NOT NULL,
	`files` text NOT NULL,
	`failure` text,
	`created_at` integer NOT NULL,
	`ready_at` integer,
	`collected_at` integer
);
--> statement-breakpoint
CREATE INDEX `releases_by_project` ON `releases` (`project_id`,`id`);--> statement-breakpoint
CREATE INDEX `releases_uncollected` ON `releases` (`status`,`collected_at`,`created_at`);--> statement-breakpoint
CREATE TABLE `reviews` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`mistake_id` text NOT NULL,
	`decision` text NOT NULL,
	`comment` text,
	`key_id` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `reviews_by_mistake` ON `reviews` (`project_id`,`mistake_id`,`id`);--> statement-breakpoint
INSERT INTO `projects` (`id`, `name`, `created_at`) VALUES ('prj_default', 'default', 0);
