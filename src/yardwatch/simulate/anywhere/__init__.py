"""Any yard: random scenes with exact truth, to train and to calibrate a counter on. Pure; places that exist nowhere."""

from yardwatch.simulate.anywhere.place import georeferenced
from yardwatch.simulate.anywhere.scene import AnyScene, any_scene, render_yard
from yardwatch.simulate.anywhere.sprites import Sprite
from yardwatch.simulate.anywhere.yard import AnyYard, draw_yard

__all__ = ["AnyScene", "AnyYard", "Sprite", "any_scene", "draw_yard", "georeferenced", "render_yard"]
