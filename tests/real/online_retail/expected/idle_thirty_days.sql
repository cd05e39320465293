SELECT user_id FROM person
EXCEPT
SELECT user_id FROM line WHERE t >= ago(30 * 24)
