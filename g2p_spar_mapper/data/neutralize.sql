-- A copy of the database calls nothing inside the network.
DELETE FROM g2p_spar_outgoing_address;
