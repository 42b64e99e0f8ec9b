from . import account, account_step, change, change_search, login, oauth, profile
