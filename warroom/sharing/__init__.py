"""A shared screen: what is masked in what it is told, and by which words. Pure."""
