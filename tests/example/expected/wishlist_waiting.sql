SELECT user_id FROM events JOIN products USING (product_id)
WHERE event = 'wishlist_added' AND ts >= ago(30) AND in_stock
EXCEPT SELECT user_id FROM events WHERE event = 'purchase' AND ts >= ago(30)
