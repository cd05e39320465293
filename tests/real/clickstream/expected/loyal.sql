SELECT user_id FROM person WHERE lifecycle = 'loyal'
