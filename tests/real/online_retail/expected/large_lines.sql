SELECT user_id FROM bought GROUP BY user_id HAVING sum(amount) > 25.15 * count(*)
