WITH orders AS (
    SELECT order_id, any_value(local_day(ts)) AS day FROM events WHERE event = 'purchase' GROUP BY order_id
), seasons AS (
    SELECT
        count(*) FILTER (day BETWEEN DATE '2025-11-26' AND DATE '2025-12-02') AS black_friday,
        count(*) FILTER (day BETWEEN DATE '2025-10-15' AND DATE '2025-10-21') AS a_week_in_october,
        count(*) FILTER (day BETWEEN DATE '2026-06-10' AND DATE '2026-06-30') AS june,
        count(*) FILTER (day BETWEEN DATE '2026-08-01' AND DATE '2026-08-21') AS august,
        count(*) FILTER (day BETWEEN DATE '2025-10-01' AND DATE '2025-10-31') AS october,
        count(*) FILTER (day BETWEEN DATE '2026-10-01' AND DATE '2026-10-31') AS october_after
    FROM orders
), hours AS (
    SELECT
        count(*) FILTER (hour(timezone(time_zone, ts)) BETWEEN 18 AND 22) AS evening,
        count(*) FILTER (hour(timezone(time_zone, ts)) BETWEEN 1 AND 5) AS night
    FROM events JOIN users USING (user_id) WHERE event = 'session_start' AND time_zone = 'Indian/Reunion'
)
SELECT
    black_friday > 1.6 * a_week_in_october AS black_friday_is_busy,
    august < 0.8 * june AS august_is_quiet,
    october_after > 1.2 * october AS the_shop_grows,
    evening > 4 * night AS people_come_in_their_own_evening
FROM seasons, hours
