"""What a network starts with: gazetteer, word lists, published facts, an invented world."""
