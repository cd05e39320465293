SELECT user_id FROM bucket SEMI JOIN person USING (user_id) WHERE bucket BETWEEN 1000 AND 1999
