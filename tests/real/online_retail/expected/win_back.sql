(SELECT user_id FROM lapsed UNION SELECT user_id FROM a_while_ago)
EXCEPT
SELECT user_id FROM cancelled
EXCEPT
SELECT user_id FROM abroad
