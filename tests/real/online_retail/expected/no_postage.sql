SELECT user_id FROM line
WHERE stock NOT IN ('POST', 'M', 'D', 'C2', 'DOT', 'BANK CHARGES', 'CRUK') OR price >= 20
GROUP BY user_id HAVING max(price) >= 14.95
