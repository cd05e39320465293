SELECT user_id FROM bucket SEMI JOIN person USING (user_id) WHERE bucket < 9000
EXCEPT
SELECT user_id FROM lapsed
