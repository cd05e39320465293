WITH large AS (SELECT user_id, t, count(*) AS n FROM line WHERE amount >= 100 GROUP BY ALL)
SELECT DISTINCT b.user_id FROM bought_at b JOIN (SELECT user_id, max(t) AS t FROM bought GROUP BY user_id) again USING (user_id)
WHERE again.t > b.t + to_hours(24 * 30) AND b.t + to_hours(24 * 30) < as_of() AND NOT EXISTS (
    -- the one large line of the first instant can be the first step itself, and is set aside
    SELECT 1 FROM large WHERE large.user_id = b.user_id AND large.t BETWEEN b.t AND b.t + to_hours(24 * 30)
        AND (large.t > b.t OR large.n > 1)
)
