SELECT DISTINCT b.user_id FROM bought b JOIN returned r USING (user_id)
WHERE b.t >= ago(24 * 180) AND r.t >= b.t AND r.t <= b.t + to_hours(24 * 30)
