SELECT user_id FROM did WHERE event = 'shipping_details'
EXCEPT
SELECT user_id FROM did WHERE event = 'payment_details'
