"""What is woken by ``g2p.spar.wake``: channel of its jobs, model and method."""

WORK = ("root.g2p_spar_work", "g2p.spar.message", "work_off")
CALLBACK = ("root.g2p_spar_callback", "g2p.spar.delivery", "send_due")
FILE = ("root.g2p_spar_file", "g2p.spar.file", "work_off")
