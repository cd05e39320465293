SELECT user_id FROM person
EXCEPT
SELECT user_id FROM returned WHERE t >= ago(30 * 24)
