SELECT DISTINCT user_id FROM line WHERE stock = '22197'
