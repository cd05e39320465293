SELECT user_id FROM pilot
