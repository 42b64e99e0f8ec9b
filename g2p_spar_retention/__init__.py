from . import controllers, core, models
