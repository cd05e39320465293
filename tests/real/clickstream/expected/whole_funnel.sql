SELECT user_id FROM did GROUP BY user_id
HAVING count(*) FILTER (event = 'catalog') >= 1
    AND count(*) FILTER (event = 'product_view') >= 5
    AND count(*) FILTER (event = 'add_to_cart') >= 2
    AND count(*) FILTER (event = 'cart') >= 1
    AND count(*) FILTER (event IN ('shipping_details', 'payment_details')) >= 3
    AND count(*) FILTER (event = 'purchase') >= 1
