import { z } from 'zod'
import type { Pool } from '#lib/kernel/db/pool.ts'

/** What the migrations create besides tables, each as a sorted line of text: protection of rows, and rights. */
export const schemaFactsSchema = z.strictObject({
  extensions: z.array(z.string()),
  /** Enabled triggers with their functions; for partitions, those that all of them have. */
  triggers: z.array(z.string()),
  /** With a hash of the body. */
  functions: z.array(z.string()),
  indexes: z.array(z.string()),
  /** Row-level security. */
  policies: z.array(z.string()),
  /**
   * Of Spaceport’s roles and of PUBLIC, on schemas, tables, columns, sequences and functions; and their memberships.
   */
  rights: z.array(z.string()),
})
export type SchemaFacts = z.infer<typeof schemaFactsSchema>

/** The trail has a partition for each month: they count as one. */
const plain = (name: string) => `regexp_replace(${name}, '_\\d{6}(?=_|$)', '_MONTH')`

const signature = "p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'"
const own = `NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e')`
const kinds = `n.nspname = ANY ('{public,graphile_worker}')`
const grantees = `(acl.grantee = 0 OR role.rolname LIKE 'spaceport\\_%') AND role.oid IS DISTINCT FROM owner`
const right = `coalesce(role.rolname, 'PUBLIC') || ' may ' || acl.privilege_type || CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END`
const given = (acls: string) =>
  `CROSS JOIN LATERAL aclexplode(${acls}) acl LEFT JOIN pg_roles role ON role.oid = acl.grantee`

const statements: Readonly<Record<keyof SchemaFacts, string>> = {
  extensions: `SELECT extname AS fact FROM pg_extension`,
  triggers: `
    SELECT fact FROM (
      SELECT ${plain('c.relname')} AS relation,
        ${plain('c.relname')} || '.' || ${plain('t.tgname')} || ' calls ' || p.proname || ' (' || t.tgtype || ')' AS fact
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_proc p ON p.oid = t.tgfoid
      WHERE n.nspname = 'public' AND NOT t.tgisinternal AND t.tgenabled <> 'D') enabled
    GROUP BY relation, fact
    HAVING count(*) = (SELECT count(*) FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
      AND c.relkind IN ('r', 'p', 'v') AND ${plain('c.relname')} = relation)`,
  functions: `
    SELECT ${signature} || CASE WHEN p.prosecdef THEN ' as ' || pg_get_userbyid(p.proowner) ELSE '' END || ' '
      || left(encode(sha256(convert_to(p.prosrc || coalesce(array_to_string(p.proconfig, ','), ''), 'UTF8')), 'hex'), 12) AS fact
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND ${own}`,
  indexes: `
    SELECT ${plain('c.relname')} AS fact FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND i.indisvalid`,
  policies: `
    SELECT c.relname || ' ' || pol.polname AS fact FROM pg_policy pol JOIN pg_class c ON c.oid = pol.polrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY ('{public,graphile_worker}') AND c.relrowsecurity`,
  rights: `
    SELECT ${right} || ' on schema ' || n.nspname AS fact
    FROM pg_namespace n CROSS JOIN LATERAL (SELECT n.nspowner AS owner) o ${given('n.nspacl')}
    WHERE ${kinds} AND ${grantees}
    UNION SELECT ${right} || ' on ' || n.nspname || '.' || ${plain('c.relname')}
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL (SELECT c.relowner AS owner) o
      ${given('c.relacl')}
    WHERE ${kinds} AND ${grantees}
    UNION SELECT ${right} || ' on ' || n.nspname || '.' || ${plain('c.relname')} || '.' || a.attname
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL (SELECT c.relowner AS owner) o ${given('a.attacl')}
    WHERE ${kinds} AND ${grantees}
    UNION SELECT ${right} || ' on ' || n.nspname || '.' || ${signature}
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace CROSS JOIN LATERAL (SELECT p.proowner AS owner) o
      ${given(`coalesce(p.proacl, acldefault('f', p.proowner))`)}
    WHERE ${kinds} AND ${own} AND ${grantees}
    UNION SELECT member.rolname || ' is a member of ' || role.rolname
    FROM pg_auth_members m JOIN pg_roles role ON role.oid = m.roleid JOIN pg_roles member ON member.oid = m.member
    WHERE member.rolname = ANY ('{spaceport_web,spaceport_worker,spaceport_gateway,spaceport_auditor,spaceport_archiver}')
    UNION SELECT rolname || ' is ' || attribute
    FROM pg_roles CROSS JOIN LATERAL (VALUES (rolsuper, 'a superuser'), (rolcreaterole, 'allowed to create roles'),
      (rolcreatedb, 'allowed to create databases'), (rolbypassrls, 'exempt from row-level security'),
      (rolreplication, 'allowed to replicate'), (rolcanlogin, 'allowed to log in')) attributes (has, attribute)
    WHERE rolname = ANY ('{spaceport_web,spaceport_worker,spaceport_gateway,spaceport_auditor,spaceport_archiver}') AND has`,
}

/** Reads the catalogs, which every login may read. */
export async function readSchemaFacts(pool: Pool): Promise<SchemaFacts> {
  const facts: Partial<SchemaFacts> = {}
  for (const kind of schemaFactsSchema.keyof().options) {
    const { rows } = await pool.query<{ fact: string }>(`SELECT DISTINCT fact FROM (${statements[kind]}) found`)
    facts[kind] = rows.map(({ fact }) => fact).sort()
  }
  return schemaFactsSchema.parse(facts)
}
