SELECT DISTINCT c.user_id FROM events c JOIN events p USING (user_id)
WHERE c.event = 'email_clicked' AND c.campaign = 'newsletter' AND c.ts >= timezone('Europe/Paris', TIMESTAMP '2026-01-01')
    AND p.event = 'purchase' AND p.ts >= c.ts AND p.ts <= c.ts + to_hours(48)
