"""Finding things by name in four languages and two alphabets; knows nothing of the portal."""
