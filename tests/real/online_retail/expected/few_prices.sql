SELECT user_id FROM person
EXCEPT
SELECT user_id FROM line GROUP BY user_id HAVING count(DISTINCT price) > 2
