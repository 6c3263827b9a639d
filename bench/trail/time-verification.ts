import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { launcher } from '#dev/project-root.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'

const rows = 1_000_000
const rowsAtOnce = 50_000

/**
 * Fills the trail up to a million rows, seals them, and verifies them as an auditor does.
 * @returns seconds per million rows
 */
export async function timeVerification({
  ownerUrl,
  workerUrl,
}: {
  ownerUrl: string
  workerUrl: string
}): Promise<number> {
  const [before] = await ownerSql(ownerUrl, 'SELECT count(*)::int AS n FROM audit_event')
  for (let left = rows - Number(before?.n); left > 0; left -= rowsAtOnce)
    await ownerSql(
      ownerUrl,
      `INSERT INTO audit_event (id, action, at, actor_kind, actor_id, actor_handle, actor_name, target_kind, target_name, namespace, observer,
         source_address, user_agent, destination, detail, request_id)
       SELECT gen_random_uuid(), 'kubectl.create', clock_timestamp(), 'user', '00000000-0000-4000-8000-000000000001', 'bench-person', 'Bench Person',
         'configmaps', 'settings', 'bench-space', 'gateway/bench', '192.0.2.1', 'kubectl/v1.36.3 (linux/amd64) kubernetes/1234567', 'cluster/default',
         '{"path": "/api/v1/namespaces/bench-space/configmaps", "credential": "00000000-0000-4000-8000-000000000002"}', gen_random_uuid()
       FROM generate_series(1, $1::int)`,
      [Math.min(left, rowsAtOnce)],
    )
  while (Number((await ownerSql(workerUrl, 'SELECT seal_trail(10000) AS n'))[0]?.n) > 0);
  const began = performance.now()
  const { stdout } = await promisify(execFile)(launcher, ['audit-verify'], {
    env: { ...process.env, DATABASE_URL: workerUrl },
  })
  const seconds = (performance.now() - began) / 1_000
  const verified = Number(/Verified (\d+) rows/.exec(stdout)?.[1])
  if (!stdout.includes('The trail is intact.') || verified < rows) throw new Error(`the verifier said: ${stdout}`)
  return (seconds * rows) / verified
}
