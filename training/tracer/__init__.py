"""How the track network was made: drawn and real ground with known centre lines, seen by many sensors. Torch."""
