"""How the length network is made: the strip network's sibling for images of 1 to 4 m."""
