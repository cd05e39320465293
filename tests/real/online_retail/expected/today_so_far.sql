SELECT DISTINCT user_id FROM line WHERE day = timezone('Europe/London', as_of())::DATE
