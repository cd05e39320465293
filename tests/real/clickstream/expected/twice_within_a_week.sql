SELECT DISTINCT user_id FROM (
    SELECT user_id, t, lead(t) OVER (PARTITION BY user_id ORDER BY t) AS following FROM bought
) WHERE following <= t + to_hours(168)
