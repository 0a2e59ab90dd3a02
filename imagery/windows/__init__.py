"""One way to walk over an image of any size: windows with their ground, for every detector."""

from imagery.windows.parallel import map_windows
from imagery.windows.scan import windows
from imagery.windows.window import SIZE, Window

__all__ = ["SIZE", "Window", "map_windows", "windows"]
