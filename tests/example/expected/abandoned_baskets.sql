SELECT user_id FROM events WHERE event = 'added_to_cart' AND ts >= ago(3)
EXCEPT SELECT user_id FROM events WHERE event = 'purchase' AND ts >= ago(3)
