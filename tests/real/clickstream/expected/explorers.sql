SELECT user_id FROM did WHERE platform <> 'tablet' GROUP BY user_id HAVING count(*) >= 60
