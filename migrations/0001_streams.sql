ALTER TABLE `attacks` ADD `upstream_started` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `mistakes` ADD `released_characters` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `mistakes` ADD `stream_mode` text;