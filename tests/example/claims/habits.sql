WITH visits AS (
    SELECT user_id, count(*) AS visits FROM events WHERE event = 'session_start' GROUP BY user_id
), views AS (
    SELECT product_id, count(*) AS views, row_number() OVER (ORDER BY count(*) DESC) AS place
    FROM events WHERE event = 'product_viewed' GROUP BY product_id
), favourite AS (
    SELECT max(share) AS share FROM (
        SELECT user_id, count(*) / sum(count(*)) OVER (PARTITION BY user_id) AS share
        FROM events JOIN products USING (product_id) WHERE event = 'product_viewed' GROUP BY user_id, category
    ) GROUP BY user_id
)
SELECT
    (SELECT sum(visits) FROM (SELECT visits FROM visits ORDER BY visits DESC LIMIT 200))
        BETWEEN 0.4 * (SELECT sum(visits) FROM visits) AND 0.8 * (SELECT sum(visits) FROM visits)
        AS a_tenth_makes_half_of_the_visits,
    (SELECT sum(views) FILTER (place <= 37) > 0.35 * sum(views) FROM views) AS a_tenth_of_the_products_is_looked_at_most,
    (SELECT count(*) > 300 FROM views) AS the_tail_is_long,
    (SELECT avg(share) BETWEEN 0.5 AND 0.9 FROM favourite) AS everybody_has_a_favourite
