SELECT user_id FROM line WHERE t >= ago(180 * 24) GROUP BY user_id HAVING count(DISTINCT stock) >= 40
