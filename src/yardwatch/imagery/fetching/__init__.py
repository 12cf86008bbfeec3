"""Fetching: a window of a remote image, byte range by byte range, over a network that fails.

addresses   which addresses are asked at all, and how one is shown
patience    how often and how long
web         one question to a server, answered, refused or given up
partial     what has been fetched of a file so far, on disk
remote      a file that is only partly here, as GDAL reads it
window      which bytes a window over a site needs, and the window as a file
download    the three above, in order
"""
