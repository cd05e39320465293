-- The events seen at as_of, those of visitors who never logged in left out, and the population.
CREATE OR REPLACE TABLE events AS SELECT * FROM every_event WHERE user_id IS NOT NULL AND ts < as_of();
CREATE OR REPLACE TABLE person AS SELECT user_id FROM users;
