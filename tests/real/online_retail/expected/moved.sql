SELECT user_id FROM person
WHERE country <> 'United Kingdom' AND (
    (
        first_country IN ('Austria', 'Australia', 'Cyprus', 'Belgium', 'Denmark')
        AND country NOT IN ('Austria', 'Australia', 'Cyprus', 'Belgium', 'Denmark')
    )
    OR (country = 'Spain' AND first_country <> 'Spain')
    OR country LIKE 'Is%' OR country LIKE 'N%' OR country = 'United Arab Emirates'
)
