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
ALTER TABLE `reviews` ADD `reviewer` text;--> statement-breakpoint
ALTER TABLE `reviews` ADD `by` text DEFAULT 'person' NOT NULL;--> statement-breakpoint
ALTER TABLE `reviews` ADD `kind` text;--> statement-breakpoint
ALTER TABLE `reviews` ADD `categories` text;--> statement-breakpoint
ALTER TABLE `reviews` ADD `correction` text;--> statement-breakpoint
ALTER TABLE `reviews` ADD `required` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `reviews` ADD `standing` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `reviews` ADD `bulk_id` text;