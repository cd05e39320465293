-- What is seen at as_of, and whom it names.
CREATE OR REPLACE TABLE did AS SELECT * FROM every_line WHERE t < as_of();
CREATE OR REPLACE TABLE bought AS SELECT * FROM did WHERE event = 'purchase';
CREATE OR REPLACE TABLE person AS
SELECT
    user_id,
    first(platform ORDER BY t DESC, platform DESC) AS platform,
    first(platform ORDER BY t, platform) AS first_platform,
    first(channel ORDER BY t, channel) AS channel,
    first(cohort ORDER BY t DESC, cohort DESC) AS cohort,
    first(lifecycle ORDER BY t DESC, lifecycle DESC) AS lifecycle
FROM did
GROUP BY user_id;
