ALTER TABLE `analyses` ADD `quality` text;--> statement-breakpoint
ALTER TABLE `analyses` ADD `attempts` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `analyses` ADD `details` text;--> statement-breakpoint
ALTER TABLE `analyses` ADD `proposed_correction` text;--> statement-breakpoint
CREATE INDEX `analyses_by_project` ON `analyses` (`project_id`,`id`);