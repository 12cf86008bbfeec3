"""The steps of the story: each joins a room that touches the world with one that does not.

`pipeline` calls them in order; nothing else joins both sides.
"""
