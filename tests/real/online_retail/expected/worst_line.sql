-- A computed amount is the double it is: -6 times 1.65 is a bit more than -9.9, and so not in.
SELECT user_id FROM line GROUP BY user_id HAVING min(amount_double) <= '-9.9'::DOUBLE
