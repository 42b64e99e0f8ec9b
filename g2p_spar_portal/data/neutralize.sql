-- A copy of the database lets no beneficiary in: its logins are those of the original.
UPDATE auth_oauth_provider
   SET spar_enabled_for_portal = false,
       spar_key_set = NULL, spar_key_set_at = NULL,
       spar_metadata = NULL, spar_metadata_at = NULL
 WHERE spar_is_portal;
DELETE FROM g2p_spar_oidc_login;
DELETE FROM g2p_spar_step_up;
-- Nor can it prove at a provider that it is the portal.
DELETE FROM g2p_spar_oidc_key;
-- What people were about to change stays with the original.
DELETE FROM g2p_spar_change_draft WHERE state = 'open';
UPDATE g2p_spar_contact
   SET code_digest = NULL, code_expires_at = NULL;
-- It tells nobody anything: neither what waits, nor what has happened since.
UPDATE g2p_spar_notice
   SET state = 'failed', failure = 'neutralized', retry_at = NULL
 WHERE state = 'queued' OR retry_at IS NOT NULL;
UPDATE mail_mail
   SET state = 'cancel'
 WHERE state = 'outgoing' AND (spar_notice_id IS NOT NULL OR spar_is_code);
UPDATE sms_sms
   SET state = 'canceled', to_delete = true
 WHERE state IN ('outgoing', 'process')
   AND (spar_is_code
        OR uuid IN (SELECT sms_uuid FROM sms_tracker WHERE spar_notice_id IS NOT NULL));
UPDATE g2p_spar_notice_reading
   SET floor_id = (SELECT COALESCE(max(id), 0) FROM g2p_spar_mapping_version),
       checkpoint_id = NULL, checkpoint_number = NULL;
-- A gateway of one's own is no account that Odoo itself would disable.
UPDATE ir_config_parameter
   SET value = 'https://neutralized.invalid'
 WHERE key = 'sms.endpoint';
