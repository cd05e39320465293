WITH present AS (SELECT count(COLUMNS(*)) FROM users)
SELECT COLUMNS(* EXCLUDE (user_id, joined, signup, language)) BETWEEN 300 AND 1999 FROM present
