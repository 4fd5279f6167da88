CREATE TABLE `upstreams` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`name` text NOT NULL,
	`url` text NOT NULL,
	`models` text NOT NULL,
	`credentials` text,
	`priority` integer NOT NULL,
	`limits` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `upstreams_by_project` ON `upstreams` (`project_id`,`priority`,`id`);