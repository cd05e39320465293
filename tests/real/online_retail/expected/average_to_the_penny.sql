SELECT user_id FROM line GROUP BY user_id HAVING sum(price) = 2.95 * count(*)
