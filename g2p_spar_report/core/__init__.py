from . import days, figures
