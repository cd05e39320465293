-- The events seen at as_of, those of visitors who never logged in left out, and the population.
CREATE OR REPLACE TABLE events AS SELECT * FROM every_event WHERE user_id IS NOT NULL AND ts < as_of();
CREATE OR REPLACE TABLE person AS SELECT user_id FROM users;

-- What the shop has kept of each user's money in two years, as the trait of that name.
CREATE OR REPLACE TABLE net_revenue AS
SELECT person.user_id, coalesce(
    sum(CASE event WHEN 'purchase' THEN amount::DECIMAL(18, 6) WHEN 'return' THEN -amount::DECIMAL(18, 6) END), 0
) AS value
FROM person LEFT JOIN (SELECT * FROM events WHERE ts >= ago(730)) AS seen USING (user_id)
GROUP BY person.user_id;

-- Law 13: the share of the e-mails sent to each user that were opened or clicked, as of a Monday some weeks ago.
CREATE OR REPLACE MACRO monday(weeks) AS
    timezone('Europe/Paris', (date_trunc('week', local_today()) - to_days(7 * weeks))::TIMESTAMP);
CREATE OR REPLACE MACRO engaged(weeks) AS TABLE
SELECT sent.user_id, count(*) FILTER (WHERE EXISTS (
    SELECT 1 FROM events answer
    WHERE answer.user_id = sent.user_id AND answer.message_id = sent.message_id
        AND answer.event IN ('email_opened', 'email_clicked') AND answer.ts < monday(weeks)
)) / count(*) AS share
FROM events sent
WHERE sent.event = 'email_sent' AND sent.ts >= monday(weeks) - to_hours(24 * 90) AND sent.ts <= monday(weeks) - to_hours(24)
GROUP BY sent.user_id;
