SELECT user_id FROM users WHERE language = 'fr' AND country <> 'FR'
