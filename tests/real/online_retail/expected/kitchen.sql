SELECT user_id FROM line
WHERE stock IN ('22423', '22720', '22960', '22961', '22993', '22138', '22139', '22666', '22699')
GROUP BY user_id HAVING count(DISTINCT stock) >= 3
