from . import console, contract, docs, files, mapper, mapper_async, oauth2
