SELECT user_id FROM events JOIN products USING (product_id) WHERE event = 'purchase' AND subcategory = 'tents'
EXCEPT
SELECT user_id FROM events JOIN products USING (product_id) WHERE event = 'purchase' AND subcategory = 'sleeping_bags'
