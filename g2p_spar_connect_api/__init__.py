from . import controllers, core, exceptions, http, models, wizards
