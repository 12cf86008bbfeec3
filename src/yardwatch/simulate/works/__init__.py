"""A small place over years: what is built, taken down and moved there, with exact truth. For the search for changes."""
