DROP INDEX `erasures_by_status`;--> statement-breakpoint
CREATE INDEX `erasures_by_turn` ON `erasures` (`status`,`leased_until`,`id`);--> statement-breakpoint
CREATE INDEX `feedback_by_subject` ON `feedback` (`project_id`,`subject`,`id`);