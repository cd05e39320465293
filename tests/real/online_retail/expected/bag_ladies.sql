SELECT user_id FROM line WHERE description LIKE '%BAG%' GROUP BY user_id HAVING count(DISTINCT stock) >= 5
