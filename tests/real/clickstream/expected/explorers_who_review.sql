SELECT user_id FROM explorers
INTERSECT
SELECT user_id FROM did WHERE event IN ('review_page', 'compare', 'wishlist_add') GROUP BY user_id HAVING count(*) >= 3
