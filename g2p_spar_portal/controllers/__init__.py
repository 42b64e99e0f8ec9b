from . import account, account_step
from . import login
