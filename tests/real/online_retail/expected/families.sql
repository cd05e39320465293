SELECT user_id FROM line JOIN read_csv(getvariable('catalogs') || '/product.csv', all_varchar = true) ON stock = code
GROUP BY user_id HAVING count(DISTINCT family) >= 4
