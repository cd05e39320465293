SELECT user_id FROM person
SEMI JOIN (SELECT customer FROM read_csv(getvariable('lists') || '/pilot.csv', all_varchar = true)) ON user_id = customer
