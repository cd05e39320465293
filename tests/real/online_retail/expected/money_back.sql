SELECT user_id FROM person
EXCEPT
SELECT user_id FROM line GROUP BY user_id HAVING sum(amount) > 0
