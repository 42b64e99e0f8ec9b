from . import connection, controllers, core, exceptions, http, models, wizards
