SELECT user_id FROM abandoned_baskets
INTERSECT SELECT user_id FROM contactable
EXCEPT SELECT user_id FROM refund_abusers
