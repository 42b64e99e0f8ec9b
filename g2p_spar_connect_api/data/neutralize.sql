-- A copy of the database lets no partner in: their secrets stay with the original.
UPDATE g2p_spar_sender SET active = false;
DELETE FROM g2p_spar_own_key;
-- Nor does it accept tokens of others, or ask for anybody's keys.
UPDATE g2p_spar_issuer SET active = false, jwks_url = NULL;
UPDATE g2p_spar_sender SET jwks_url = NULL;
-- Nor does it do or send what was still on its way.
UPDATE g2p_spar_message SET state = 'failed', problem = 'Left to the original.'
    WHERE state = 'received';
UPDATE g2p_spar_file SET state = 'failed', problem = 'Left to the original.'
    WHERE state IN ('received', 'working');
UPDATE g2p_spar_delivery SET state = 'parked', problem = 'Left to the original.'
    WHERE state = 'due';
UPDATE g2p_spar_sender SET callback_url = NULL;
-- A copy calls no other mapper.
UPDATE g2p_spar_remote_mapper
    SET base_url = 'https://neutralized.invalid', token_url = NULL,
        secret_sealed = NULL;
