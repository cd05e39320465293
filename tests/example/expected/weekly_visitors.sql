SELECT user_id FROM (
    SELECT user_id, (epoch_us(as_of()) - epoch_us(ts) - 1) // (7 * 86400000000) AS week
    FROM events WHERE event = 'session_start' AND ts >= ago(28)
    GROUP BY ALL HAVING count(*) >= 2
) GROUP BY user_id HAVING count(*) >= 3
