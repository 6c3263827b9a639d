import { readFileSync } from 'node:fs'
import { selectAuditWebhooks } from '#lib/features/cluster-audit/db/cluster-audit-tokens.ts'
import { createReaderPool } from '#lib/kernel/db/pool.ts'
import { isCertificate } from '#lib/kubeconfig/pem.ts'
import { askReceiver } from './audit-receiver.ts'
import { checkCertificate, readCertificate } from './certificates.ts'
import type { Area, Check } from './check.ts'
import { checkIntake } from './check-intake.ts'
import { type Finding, skipped } from './finding.ts'
import { resolves } from './names.ts'

const page = 'docs/cluster-audit.md'
const reach = `route it to WORKER_AUDIT_LISTEN of the workers without terminating TLS (${page})`

export type AuditSettings = {
  databaseUrl: string | undefined
  /** The address that API servers send to; undefined: not given. */
  receiver: URL | undefined
  /** A path; empty: its certificate is verified against public authorities. */
  caFile: string
  /** The name of a cluster, for a request that must be refused. */
  cluster: string
}

/** Checks that the clusters’ own audit arrives, and that its receiver refuses strangers. */
export function clusterAudit({ databaseUrl, receiver, caFile, cluster }: AuditSettings): Area {
  const title = 'The clusters’ own audit'
  return {
    title: receiver === undefined ? title : `${title} ${receiver.origin}`,
    checks: [
      databaseUrl === undefined ? notGiven('What came in', 'DATABASE_URL of the worker') : intake(databaseUrl),
      ...(receiver === undefined
        ? [notGiven('Its receiver', '--audit URL, if a cluster sends its audit')]
        : atReceiver(receiver, caFile, cluster)),
    ],
  }
}

const notGiven = (about: string, give: string): Check => ({
  about,
  remedy: '',
  run: () => Promise.resolve(skipped(`${about} is not checked: give ${give}`)),
})

const intake = (databaseUrl: string): Check => ({
  about: 'What came in',
  remedy: 'see the findings about the database',
  run: async () => {
    const pool = createReaderPool(databaseUrl, 'spaceport-doctor')
    // Postgres may end an idle connection; the next query reports it.
    pool.on('error', () => {})
    try {
      return checkIntake(await selectAuditWebhooks(pool), Date.now())
    } catch (error) {
      if (isDenied(error)) return skipped('This login may not read whether it comes in: use the worker’s login')
      throw error
    } finally {
      await pool.end()
    }
  },
})

/** insufficient_privilege (https://www.postgresql.org/docs/current/errcodes-appendix.html) */
const isDenied = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '42501'

function atReceiver(url: URL, caFile: string, cluster: string): Check[] {
  function readCa(): string | undefined {
    if (caFile === '') return undefined
    const text = readFileSync(caFile, 'utf8')
    // For an empty one, Node would trust every public authority instead.
    if (!isCertificate(text)) throw new Error(`${caFile} is not a certificate`)
    return text
  }
  return [
    resolves(url, `point it at the workers, or at the proxy in front of them (${page})`),
    {
      about: 'The receiver’s certificate',
      remedy: reach,
      run: async (signal): Promise<Finding> =>
        checkCertificate(
          'the receiver',
          url,
          await readCertificate(url, readCa(), signal),
          `renew WORKER_AUDIT_TLS_CERT; --audit-ca is the CA that signs it, or nothing for a public one (${page})`,
        ),
    },
    { about: 'The receiver', remedy: reach, run: (signal) => askReceiver(url, cluster, readCa(), signal) },
  ]
}
