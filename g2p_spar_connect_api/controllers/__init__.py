from . import contract, mapper, oauth2
