SELECT user_id FROM person
EXCEPT
SELECT user_id FROM did WHERE platform = 'tablet'
