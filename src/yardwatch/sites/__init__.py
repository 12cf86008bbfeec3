"""WHERE: the site folder, its zones, tracks, record and events."""
