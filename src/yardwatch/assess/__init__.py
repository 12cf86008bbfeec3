"""MEANING: claims, hypotheses, wording. Pure."""
