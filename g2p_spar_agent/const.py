"""Words of agents that models, pages and screens share."""

#: Purpose of a login at a provider that proves presence before an agent.
CAPTURE = "capture"
#: Where the pages of agents live.
HOME = "/spar/agent"
AGENTS = "g2p_spar_agent.group_agent"
OFFICERS = "g2p_spar_mapper.group_officer"
STATES = [
    ("draft", "Begun"),
    ("proved", "Presence proved"),
    ("approval", "Waits for an officer"),
    ("done", "Done"),
    ("waits", "Made, change waits"),
    ("refused", "Refused"),
]
