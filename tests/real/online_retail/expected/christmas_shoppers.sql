SELECT user_id FROM line WHERE description ILIKE '%christmas%' OR description ILIKE '%xmas%'
GROUP BY user_id HAVING count(*) >= 3
