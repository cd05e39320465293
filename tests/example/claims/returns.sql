SELECT
    count(*) > 100 AS some_come_back,
    count(*) = (SELECT count(*) FROM events WHERE event = 'return') AS all_were_bought,
    bool_and(r.user_id = p.user_id AND r.quantity <= p.quantity AND r.ts > p.ts) AS later_and_not_more
FROM events r JOIN events p ON r.order_id = p.order_id AND r.product_id = p.product_id
WHERE r.event = 'return' AND p.event = 'purchase'
