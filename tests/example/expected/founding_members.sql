SELECT user_id FROM users
WHERE user_id IN (SELECT user_id FROM read_csv(getvariable('files') || '/segments/lists/founding_members.csv', header = true))
