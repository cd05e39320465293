SELECT user_id FROM line WHERE regexp_matches(description, '\bHEARTS?\b') GROUP BY user_id HAVING count(*) >= 3
