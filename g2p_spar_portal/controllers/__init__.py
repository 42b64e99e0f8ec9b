from . import account, account_step
