ALTER TABLE `attacks` ADD `end_user` text;--> statement-breakpoint
CREATE INDEX `attacks_by_end_user` ON `attacks` (`project_id`,`end_user`,`id`) WHERE "attacks"."end_user" is not null;--> statement-breakpoint
ALTER TABLE `mistakes` ADD `end_user` text;--> statement-breakpoint
CREATE INDEX `mistakes_by_end_user` ON `mistakes` (`project_id`,`end_user`,`id`) WHERE "mistakes"."end_user" is not null;