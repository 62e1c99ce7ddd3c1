"""The word index: rows by words, beginnings of words and typing errors, in memory and on disk."""
