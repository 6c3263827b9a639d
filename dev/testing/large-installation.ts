/**
 * SQL of an installation as large as the pages under /admin are made for: 10,000 people and spaces, 100,000 grants to
 * people, 2,000 to groups of a hundred, 50,000 credentials.
 */
export const largeInstallation = `
INSERT INTO cluster (id, name) VALUES (gen_random_uuid(), 'default') ON CONFLICT DO NOTHING;
INSERT INTO user_account (id, issuer, subject, handle, name, email, last_sign_in_at)
  SELECT gen_random_uuid(), 'https://issuer.test', n::text, 'person' || n || '-' || lpad(to_hex(n), 6, '0'), 'Person ' || md5(n::text),
    'person' || n || '@example.com', now() - make_interval(days => n % 120) FROM generate_series(1, 10000) n;
INSERT INTO user_group (user_id, "group") SELECT id, 'group-' || (subject::int % 100) FROM user_account;
INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status)
  SELECT gen_random_uuid(), c.id, 'space-' || u.subject, 'space-' || u.subject, 'x', 'S', u.id, 'ready' FROM user_account u, cluster c;
INSERT INTO space_grant (id, space_id, user_id, role, starts_at)
  SELECT gen_random_uuid(), s.id, u.id, 'viewer', now() FROM user_account u, generate_series(1, 10) n
    CROSS JOIN LATERAL (SELECT * FROM space WHERE name = 'space-' || ((u.subject::int + n) % 10000 + 1)) s;
INSERT INTO space_use (space_id, user_id, last_used_at)
  SELECT space_id, user_id, now() - interval '1 day' FROM space_grant WHERE user_id IS NOT NULL;
INSERT INTO space_grant (id, space_id, "group", group_issuer, role, starts_at)
  SELECT gen_random_uuid(), s.id, 'group-' || (substr(s.name, 7)::int % 100), 'https://issuer.test', 'viewer', now() FROM space s
    WHERE substr(s.name, 7)::int <= 2000;
INSERT INTO credential (id, user_id, space_id, token_hash, created_at, ends_at, revoked_at)
  SELECT gen_random_uuid(), u.id, s.id, sha256((u.subject || '-' || n)::bytea), now() - make_interval(hours => n * 100),
    now() + make_interval(hours => n * 24 - 60), CASE WHEN n = 5 THEN now() END
  FROM user_account u JOIN space s ON s.owner_id = u.id, generate_series(1, 5) n;
INSERT INTO credential_use (credential_id, last_used_at)
  SELECT id, now() - (now() - created_at) / 100 FROM credential;
INSERT INTO audit_event (id, action, at, actor_kind, actor_id, target_kind, observer, destination, outcome)
  SELECT gen_random_uuid(), CASE WHEN n = 1 THEN 'session.sign-in' ELSE 'kubectl.get' END, now(), 'user', u.id, 'x', 'web/test', 'portal', 'ok'
  FROM user_account u, generate_series(1, 20) n;
ANALYZE;`
