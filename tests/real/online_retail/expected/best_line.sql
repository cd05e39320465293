-- A computed amount is the double it is: 6 times 2.95 is a bit more than 17.7, 12 times a bit more than 35.4.
SELECT user_id FROM line GROUP BY user_id
HAVING max(amount_double) >= '17.7'::DOUBLE AND max(amount_double) <= '35.4'::DOUBLE
