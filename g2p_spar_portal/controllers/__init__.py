from . import account, account_step
from . import login, oauth
from . import change, change_search
from . import profile
