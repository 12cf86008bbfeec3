"""TIME: the record, its baseline, surges and events. Pure."""
