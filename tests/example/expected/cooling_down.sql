SELECT user_id FROM engaged(1) WHERE share >= 0.5
EXCEPT SELECT user_id FROM engaged(0) WHERE share >= 0.5
