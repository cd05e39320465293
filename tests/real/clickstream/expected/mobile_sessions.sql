SELECT user_id FROM did WHERE platform = 'mobile' GROUP BY user_id HAVING count(DISTINCT session) >= 3
