SELECT user_id FROM line WHERE day >= DATE '2011-03-01' GROUP BY user_id
