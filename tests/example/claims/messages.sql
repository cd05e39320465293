WITH message AS (
    SELECT
        any_value(user_id) AS user_id,
        count(DISTINCT user_id) AS users,
        min(ts) FILTER (event = 'email_sent') AS sent,
        min(ts) FILTER (event = 'email_delivered') AS came,
        min(ts) FILTER (event = 'email_opened') AS opened,
        min(ts) FILTER (event = 'email_clicked') AS clicked,
        min(ts) FILTER (event = 'email_bounced') AS bounced
    FROM events WHERE event LIKE 'email_%' GROUP BY message_id
)
SELECT
    count(opened) BETWEEN 0.15 * count(*) AND 0.4 * count(*) AS some_are_opened,
    count(clicked) BETWEEN 0.01 * count(*) AND 0.1 * count(*) AS few_are_clicked,
    bool_and(users = 1 AND sent IS NOT NULL) AS all_were_sent_to_one_user,
    bool_and((came IS NULL) = (bounced IS NOT NULL)) AS delivered_or_bounced,
    count(*) FILTER (sent > came OR came > opened OR opened > clicked OR (clicked IS NOT NULL AND opened IS NULL)) = 0
        AS step_by_step,
    bool_and(user_id NOT IN (SELECT user_id FROM users WHERE email_subscribed IS NULL)) AS only_with_consent
FROM message
