"""Strips drawn once and kept, seen anew in every batch: what a graphics card, or torch on a processor, learns from."""
