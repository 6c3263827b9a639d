/** A sealed and signed trail in databases of its own, and the verifier as an auditor runs it. */
import { execFile } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { projectRoot } from '#dev/project-root.ts'
import { signInTurn } from '#lib/broker/audit/sign-checkpoint.ts'
import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { createPool } from '#lib/db/pool.ts'
import { ownDatabase } from './own-database.ts'
import { ownerSql } from './owner-sql.ts'

export const newCheckpointKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const on = (url: string, database: string) => Object.assign(new URL(url), { pathname: `/${database}` }).href

export type Verdict = { status: number; out: string; err: string }
export type TrailScene = Awaited<ReturnType<typeof openTrailScene>>

const insert = (more = '', values = '') =>
  `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, target_name, observer, destination, outcome${more})
   SELECT gen_random_uuid(), $1, clock_timestamp(), 'system', 'portal', 'row ' || n, 'worker/test', 'portal', 'ok'${values} FROM generate_series(1, $2::int) n`

/** Opens the scene; every `copy` is a database of its own, with 60 rows in 6 blocks and a checkpoint after each second. */
export async function openTrailScene() {
  const { databaseUrls, ownerDatabaseUrl } = await ownDatabase()
  const suffix = randomBytes(4).toString('hex')
  const auditor = `auditor_${suffix}`
  const template = new URL(ownerDatabaseUrl).pathname.slice(1)
  const server = (statement: string) => ownerSql(on(ownerDatabaseUrl, 'postgres'), statement)
  const key = newCheckpointKey()
  const copies: string[] = []

  await server(`CREATE ROLE ${auditor} LOGIN PASSWORD 'auditor'; GRANT spaceport_auditor TO ${auditor}`)
  const made = await open(template)
  const log: string[] = []
  const sign = made.signer(key, log)
  for (let block = 1; block <= 6; block++) {
    await made.add(10)
    await made.seal()
    if (block % 2 === 0) await sign()
  }
  await made.close()

  async function open(database: string) {
    const urls = {
      owner: on(ownerDatabaseUrl, database),
      web: on(databaseUrls.web, database),
      worker: on(databaseUrls.worker, database),
      gateway: on(databaseUrls.gateway, database),
      auditor: Object.assign(new URL(on(databaseUrls.web, database)), { username: auditor, password: 'auditor' }).href,
    }
    const pool = createPool(urls.worker, { process: 'worker', max: 2, applicationName: 'trail-scene' })
    return {
      database,
      urls,
      pool,
      owner: (statement: string, values: readonly unknown[] = []) => ownerSql(urls.owner, statement, values),
      /** As an owner does who wants to leave no trace. */
      unguarded: (statement: string) =>
        ownerSql(
          urls.owner,
          `DO $do$ DECLARE t text; BEGIN
             FOREACH t IN ARRAY ARRAY['audit_event', 'audit_block', 'audit_checkpoint', 'audit_key'] LOOP EXECUTE 'ALTER TABLE ' || t || ' DISABLE TRIGGER USER'; END LOOP;
             ${statement};
             FOREACH t IN ARRAY ARRAY['audit_event', 'audit_block', 'audit_checkpoint', 'audit_key'] LOOP EXECUTE 'ALTER TABLE ' || t || ' ENABLE TRIGGER USER'; END LOOP;
           END $do$`,
        ),
      add: (rows: number, action = 'space.create') => ownerSql(urls.worker, insert(), [action, rows]),
      seal: async (): Promise<number> => (await pool.query('SELECT seal_trail(100000) AS n')).rows[0].n,
      /** @param log gets the lines that the worker's log would */
      signer(privateKey: string, lines: string[]) {
        const run = signInTurn(privateKey)
        const note = (about: object) => void lines.push(JSON.stringify(about))
        const context = {
          pool,
          portalUrl: 'https://spaceport.test',
          clock: () => new Date(),
          log: { info: note, error: note },
        }
        return () => run(context as unknown as SystemContext)
      },
      verify: (...options: string[]): Promise<Verdict> =>
        new Promise((resolve) => {
          execFile(
            join(projectRoot, 'bin', 'spaceport'),
            ['audit-verify', ...options],
            { env: { ...process.env, DATABASE_URL: urls.auditor } },
            (error, out, err) => resolve({ status: error ? Number(error.code) : 0, out, err }),
          )
        }),
      close: () => pool.end(),
    }
  }

  return {
    key,
    /** The checkpoints as the worker's log has them, in a file. */
    keptElsewhere(dir: string): string {
      const file = join(dir, 'worker.log')
      writeFileSync(file, `{"msg":"another line"}\n${log.join('\n')}\n`)
      return file
    },
    async copy() {
      const name = `trail_${suffix}_${copies.length}`
      copies.push(name)
      await server(`CREATE DATABASE ${name} TEMPLATE ${template}`)
      return open(name)
    },
    async close() {
      // Not by force, which autovacuum, a superuser’s, would not let the owner have: it makes way by itself.
      for (const name of copies) await server(`DROP DATABASE IF EXISTS ${name}`)
      const owner = new pg.Client({ connectionString: ownerDatabaseUrl })
      await owner.connect()
      await owner.query(`DROP ROLE ${auditor}`)
      await owner.end()
    },
  }
}
