"""How a network learns: the recipe, the loop and its events."""
