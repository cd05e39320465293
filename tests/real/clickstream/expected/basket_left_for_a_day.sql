SELECT DISTINCT user_id FROM did b
WHERE event = 'add_to_cart' AND t >= ago(60) AND t + to_hours(24) < as_of() AND NOT EXISTS (
    SELECT 1 FROM bought p WHERE p.user_id = b.user_id AND p.t BETWEEN b.t AND b.t + to_hours(24)
)
