"""What counted a site's images before the network did: contrasts set by hand. Kept to be measured beside it.

`evidence` says what each step of a strip looks like, `counted` makes cars and a count of it.
"""
