from . import contract, files, mapper, mapper_async, oauth2
