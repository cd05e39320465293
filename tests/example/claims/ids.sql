SELECT
    (SELECT count(*) = 2000 AND count(DISTINCT user_id) = 2000 FROM users) AS users_are_unique,
    (SELECT count(*) = count(DISTINCT product_id) AND count(*) BETWEEN 200 AND 999 FROM products) AS products_are_unique,
    (SELECT count(*) = 0 FROM every_event WHERE user_id NOT IN (SELECT user_id FROM users)) AS users_are_known,
    (SELECT count(*) = 0 FROM events WHERE product_id NOT IN (SELECT product_id FROM products)) AS products_are_known,
    (SELECT avg((user_id IS NULL)::INTEGER) BETWEEN 0.002 AND 0.03 FROM every_event) AS some_visitors_are_unknown
