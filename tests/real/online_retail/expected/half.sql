SELECT user_id FROM bucket SEMI JOIN person USING (user_id) WHERE bucket < 5000
