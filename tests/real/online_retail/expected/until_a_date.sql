SELECT user_id FROM line WHERE t < london('2010-12-18') GROUP BY user_id HAVING count(DISTINCT day) >= 2
