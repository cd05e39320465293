-- Every event from the raw file; `as_of` and `files` are set by the test. The instants are UTC, the days Auckland's.
SET TimeZone = 'UTC';
CREATE OR REPLACE MACRO as_of() AS getvariable('as_of')::TIMESTAMPTZ;
CREATE OR REPLACE MACRO ago(days) AS as_of() - to_hours(24 * days);
CREATE OR REPLACE MACRO auckland(written) AS timezone('Pacific/Auckland', written::TIMESTAMP);
CREATE OR REPLACE MACRO midnight(days_before) AS
    timezone('Pacific/Auckland', (timezone('Pacific/Auckland', as_of())::DATE - days_before::INTEGER)::TIMESTAMP);
CREATE OR REPLACE TABLE every_line AS
SELECT
    user_id,
    timezone('UTC', timestamp::TIMESTAMP) AS t,
    timezone('Pacific/Auckland', timezone('UTC', timestamp::TIMESTAMP))::DATE AS day,
    event,
    session_id AS session,
    platform,
    acquisition_channel AS channel,
    user_cohort AS cohort,
    user_lifecycle AS lifecycle
FROM read_csv(getvariable('files'), header = true, all_varchar = true);
