-- A copy of the database calls nothing inside the network.
DELETE FROM g2p_spar_outgoing_address;
-- Nor does it tell anybody accounts and names.
UPDATE g2p_spar_name_service SET active = false, token_sealed = NULL;
