"""How the strip network was made: real parts and drawn parts to strips, strips to weights. Torch, own environment."""
