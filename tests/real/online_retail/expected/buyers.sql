SELECT DISTINCT user_id FROM bought
