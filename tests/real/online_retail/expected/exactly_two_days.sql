SELECT user_id FROM (SELECT DISTINCT user_id, day FROM line) GROUP BY user_id HAVING count(*) = 2
