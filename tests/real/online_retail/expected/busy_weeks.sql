SELECT user_id FROM (
    SELECT user_id, (epoch_us(as_of()) - epoch_us(t) - 1) // (7 * 86400000000) AS week
    FROM line WHERE t >= ago(24 * 84) GROUP BY ALL HAVING count(*) >= 5
) GROUP BY user_id HAVING count(*) >= 2
