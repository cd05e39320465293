WITH session AS (
    SELECT
        min(ts) AS first,
        min(ts) FILTER (event = 'session_start') AS start,
        count(*) FILTER (event = 'session_start') AS starts,
        max(ts) FILTER (event = 'added_to_cart') AS added,
        max(ts) FILTER (event = 'removed_from_cart') AS removed,
        min(ts) FILTER (event = 'checkout_started') AS checkout,
        min(ts) FILTER (event = 'purchase') AS bought,
        count(DISTINCT user_id) AS users
    FROM every_event WHERE session_id IS NOT NULL GROUP BY session_id
)
SELECT
    count(bought) > 500 AS many_buy,
    count(added) > 2 * count(bought) AS more_fill_a_basket,
    bool_and(starts = 1 AND start = first AND users <= 1) AS one_start_and_one_user,
    count(*) FILTER (removed > checkout OR added > checkout OR checkout > bought) = 0 AS basket_then_checkout_then_order
FROM session
