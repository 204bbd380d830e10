"""The invented demo world, the gazetteer, the word lists and the published facts a new network starts with."""
