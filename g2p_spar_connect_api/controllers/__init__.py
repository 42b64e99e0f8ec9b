from . import contract, mapper, mapper_async, oauth2
