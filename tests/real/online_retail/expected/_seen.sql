-- The lines seen at as_of in the files up to `last_file`, and the customers that these files name.
CREATE OR REPLACE TABLE line AS
SELECT * FROM every_line WHERE file_day <= getvariable('last_file')::DATE AND t < as_of();
CREATE OR REPLACE TABLE bought AS SELECT * FROM line WHERE quantity > 0;
CREATE OR REPLACE TABLE returned AS SELECT * FROM line WHERE quantity < 0;
CREATE OR REPLACE TABLE person AS
SELECT
    user_id,
    first(country ORDER BY t DESC, country DESC) AS country,
    first(country ORDER BY t, country) AS first_country
FROM line
GROUP BY user_id;
-- Many lines are of one instant.
CREATE OR REPLACE TABLE bought_at AS SELECT DISTINCT user_id, t FROM bought;
CREATE OR REPLACE TABLE returned_at AS SELECT DISTINCT user_id, t FROM returned;
