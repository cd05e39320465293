SELECT user_id FROM person
EXCEPT
SELECT user_id FROM line WHERE t >= ago(45 * 24) GROUP BY user_id HAVING sum(amount) >= 10 * count(*)
