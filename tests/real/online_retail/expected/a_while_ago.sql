SELECT DISTINCT user_id FROM line WHERE t >= ago(60 * 24) AND t < ago(30 * 24)
