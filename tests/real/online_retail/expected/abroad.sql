SELECT user_id FROM person WHERE country <> 'United Kingdom'
