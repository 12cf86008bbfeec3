"""GROUND: change that stays. Pure."""
