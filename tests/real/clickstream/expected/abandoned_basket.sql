SELECT user_id FROM did WHERE event = 'add_to_cart' AND t >= ago(45)
EXCEPT
SELECT user_id FROM bought WHERE t >= ago(45)
