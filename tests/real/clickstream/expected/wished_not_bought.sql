SELECT user_id FROM did WHERE event = 'wishlist_add' GROUP BY user_id HAVING count(*) >= 2
EXCEPT
SELECT user_id FROM bought
