"""Tables in: files of several formats to Arrow batches, typed and in UTC."""
