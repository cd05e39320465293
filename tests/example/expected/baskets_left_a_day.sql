SELECT DISTINCT user_id FROM events basket
WHERE event = 'added_to_cart' AND ts >= ago(7) AND ts + to_hours(24) < as_of() AND NOT EXISTS (
    SELECT 1 FROM events p
    WHERE p.user_id = basket.user_id AND p.event = 'purchase' AND p.ts BETWEEN basket.ts AND basket.ts + to_hours(24)
)
