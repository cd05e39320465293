SELECT user_id FROM person EXCEPT SELECT user_id FROM (
    SELECT user_id, (epoch_us(as_of()) - epoch_us(t) - 1) // 86400000000 AS day
    FROM line WHERE t >= ago(24 * 30) GROUP BY ALL HAVING count(*) >= 20
)
