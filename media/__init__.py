"""Media: take in a hostile file, hear its words, cut its moments, caption it."""
