"""A mock eSignet for demonstrations and tests: ``python -m mock_esignet``.

It answers as eSignet 1.5 to 1.8 do at their public addresses, knows a handful of
made-up people, and can be told over its control address to misbehave in every way
that the portal must withstand. It holds all in memory, serves this machine alone and
refuses to start where a production system runs.
"""
