-- Which mistakes have which category, for lists of one category: an index over a JSON column, which SQLite can only have as a
-- table. Triggers keep it, so that no writer can forget it. Written by hand: drizzle knows neither triggers nor WITHOUT ROWID.
CREATE TABLE `mistake_categories` (
	`project_id` text NOT NULL,
	`category` text NOT NULL,
	`state` text NOT NULL,
	`source` text NOT NULL,
	`kind` text NOT NULL,
	`mistake_id` text NOT NULL,
	PRIMARY KEY(`project_id`, `category`, `state`, `source`, `kind`, `mistake_id`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `mistake_categories`
SELECT DISTINCT mistakes.project_id, value, mistakes.state, mistakes.source, mistakes.kind, mistakes.id
FROM `mistakes`, json_each(mistakes.categories);
--> statement-breakpoint
CREATE TRIGGER `mistake_categories_inserted` AFTER INSERT ON `mistakes` BEGIN
	INSERT INTO `mistake_categories`
	SELECT DISTINCT NEW.`project_id`, value, NEW.`state`, NEW.`source`, NEW.`kind`, NEW.`id` FROM json_each(NEW.`categories`);
END;
--> statement-breakpoint
CREATE TRIGGER `mistake_categories_deleted` AFTER DELETE ON `mistakes` BEGIN
	DELETE FROM `mistake_categories` WHERE `project_id` = OLD.`project_id` AND `state` = OLD.`state` AND `source` = OLD.`source`
		AND `kind` = OLD.`kind` AND `mistake_id` = OLD.`id` AND `category` IN (SELECT value FROM json_each(OLD.`categories`));
END;
--> statement-breakpoint
CREATE TRIGGER `mistake_categories_updated` AFTER UPDATE OF `state`, `source`, `kind`, `categories` ON `mistakes`
WHEN OLD.`state` <> NEW.`state` OR OLD.`source` <> NEW.`source` OR OLD.`kind` <> NEW.`kind` OR OLD.`categories` <> NEW.`categories` BEGIN
	DELETE FROM `mistake_categories` WHERE `project_id` = OLD.`project_id` AND `state` = OLD.`state` AND `source` = OLD.`source`
		AND `kind` = OLD.`kind` AND `mistake_id` = OLD.`id` AND `category` IN (SELECT value FROM json_each(OLD.`categories`));
	INSERT INTO `mistake_categories`
	SELECT DISTINCT NEW.`project_id`, value, NEW.`state`, NEW.`source`, NEW.`kind`, NEW.`id` FROM json_each(NEW.`categories`);
END;
