WITH gone AS (SELECT user_id, min(ts) AS gone_at FROM events WHERE event = 'email_unsubscribed' GROUP BY user_id)
SELECT
    (SELECT count(*) > 30 FROM gone) AS some_leave,
    (SELECT count(*) = 0 FROM events JOIN gone USING (user_id) WHERE event = 'email_sent' AND ts > gone_at)
        AS no_letter_after,
    (SELECT bool_and(NOT email_subscribed) FROM users JOIN gone USING (user_id)) AS the_consent_is_withdrawn
