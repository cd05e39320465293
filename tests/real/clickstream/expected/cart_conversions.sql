SELECT user_id FROM bought WHERE t >= ago(60)
INTERSECT
SELECT user_id FROM did WHERE event = 'add_to_cart' AND t < ago(60)
