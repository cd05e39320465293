SELECT user_id FROM bucket WHERE bucket BETWEEN 0 AND 499
