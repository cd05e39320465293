-- The example's files as they are. `files`, the project's folder, and `as_of` are set by the test.
SET TimeZone = 'UTC';
CREATE OR REPLACE MACRO as_of() AS getvariable('as_of')::TIMESTAMPTZ;
CREATE OR REPLACE MACRO ago(days) AS as_of() - to_hours(24 * days);
CREATE OR REPLACE MACRO local_day(instant) AS timezone('Europe/Paris', instant)::DATE;
CREATE OR REPLACE MACRO local_today() AS local_day(as_of());

CREATE OR REPLACE TABLE users AS
SELECT *, timezone('Europe/Paris', signup) AS joined
FROM read_parquet(getvariable('files') || '/data/users.parquet');

CREATE OR REPLACE TABLE products AS
SELECT * FROM read_csv(getvariable('files') || '/data/products.csv', header = true);

CREATE OR REPLACE TABLE every_event AS
SELECT * FROM read_parquet(getvariable('files') || '/data/events/*.parquet')
UNION ALL BY NAME
SELECT * FROM read_parquet(getvariable('files') || '/data/messages/*.parquet')
UNION ALL BY NAME
SELECT customer AS user_id, 'support_ticket' AS event, timezone('Europe/Paris', opened_at) AS ts, order_id, topic
FROM read_csv(getvariable('files') || '/data/support_tickets.csv', header = true);

-- Whose buckets are wanted, and when which of their events happened.
CREATE OR REPLACE TABLE every_line AS
SELECT user_id, ts AS t FROM every_event WHERE user_id IS NOT NULL
UNION ALL
SELECT user_id, NULL FROM users;
