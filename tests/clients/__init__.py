"""Programs and people outside the registry, as the black-box tests play them.

Nothing here imports an addon: what these know of the registry they learnt from its
published contract, over HTTP.
"""
