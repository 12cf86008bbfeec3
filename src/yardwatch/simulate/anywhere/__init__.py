"""Any yard: random scenes with exact truth, to train and to calibrate a counter on. Pure; places that exist nowhere."""

from yardwatch.simulate.anywhere.scene import AnyScene, any_scene
from yardwatch.simulate.anywhere.sprites import Sprite

__all__ = ["AnyScene", "Sprite", "any_scene"]
