SELECT user_id FROM person WHERE country IN ('Germany', 'France', 'Spain', 'Belgium', 'Switzerland', 'Portugal', 'Italy')
