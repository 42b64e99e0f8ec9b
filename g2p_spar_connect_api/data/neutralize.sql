-- A copy of the database lets no partner in: their secrets stay with the original.
UPDATE g2p_spar_sender SET active = false;
DELETE FROM g2p_spar_own_key;
