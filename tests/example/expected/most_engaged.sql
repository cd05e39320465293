SELECT user_id FROM engaged(0) WHERE share >= 0.5
