SELECT user_id FROM events JOIN products USING (product_id)
WHERE event = 'purchase' AND subcategory = 'espresso_machines' AND ts >= ago(730)
EXCEPT SELECT user_id FROM events JOIN products USING (product_id) WHERE event = 'purchase' AND subcategory = 'grinders'
EXCEPT SELECT user_id FROM events JOIN products USING (product_id) WHERE event = 'return' AND subcategory = 'espresso_machines'
