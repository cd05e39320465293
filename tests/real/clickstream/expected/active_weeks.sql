SELECT user_id FROM did WHERE t >= ago(56)
GROUP BY user_id HAVING count(DISTINCT (epoch_us(as_of()) - epoch_us(t) - 1) // (7 * 86400000000)) >= 4
