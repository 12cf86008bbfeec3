"""The kind network: what one vehicle is, learnt from drawn yards alone. No real pixel is in it."""
