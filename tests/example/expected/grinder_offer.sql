SELECT user_id FROM espresso_without_grinder
INTERSECT (SELECT user_id FROM active_this_month UNION SELECT user_id FROM email_engaged
           UNION SELECT user_id FROM coffee_households)
INTERSECT SELECT user_id FROM contactable
EXCEPT SELECT user_id FROM frequent_returners
