SELECT user_id FROM win_back WHERE bucket_of('win_back:' || user_id) >= 9000
