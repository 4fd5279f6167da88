DROP INDEX `mistakes_by_state`;--> statement-breakpoint
DROP INDEX `mistakes_by_source`;--> statement-breakpoint
DROP INDEX `mistakes_by_kind`;--> statement-breakpoint
DROP INDEX `mistakes_by_release`;--> statement-breakpoint
CREATE INDEX `mistakes_by_facets` ON `mistakes` (`project_id`,`state`,`source`,`kind`,`id`);--> statement-breakpoint
CREATE INDEX `mistakes_by_key` ON `mistakes` (`project_id`,`key_id`,`state`,`source`,`kind`,`id`);--> statement-breakpoint
CREATE INDEX `mistakes_by_policy` ON `mistakes` (`project_id`,`policy_version`,`state`,`source`,`kind`,`id`);--> statement-breakpoint
CREATE INDEX `mistakes_claimable` ON `mistakes` (`project_id`,`id`) WHERE state = 'confirmed' AND release_id IS NULL;--> statement-breakpoint
CREATE INDEX `mistakes_released` ON `mistakes` (`project_id`,`id`) WHERE state = 'released';--> statement-breakpoint
CREATE INDEX `mistakes_by_release` ON `mistakes` (`project_id`,`release_id`,`id`) WHERE release_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `attacks_by_key` ON `attacks` (`project_id`,`key_id`,`id`);