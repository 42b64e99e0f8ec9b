-- A copy of the database lets no partner in: their secrets stay with the original.
UPDATE g2p_spar_sender SET active = false;
DELETE FROM g2p_spar_own_key;
UPDATE g2p_spar_message SET state = 'failed', problem = 'Left to the original.'
UPDATE g2p_spar_delivery SET state = 'parked', problem = 'Left to the original.'
UPDATE g2p_spar_sender SET callback_url = NULL;
