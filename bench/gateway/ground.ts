import { join } from 'node:path'
import type { BenchContext } from '#bench/bench-context.ts'
import { type BenchDatabase, createDatabase } from '#bench/scene/create-database.ts'
import { type CertificateFiles, openAuthority } from '#dev/cluster/certificates.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { startProcess } from '#dev/process/managed-process.ts'
import { writeAnswers } from './write-answers.ts'

/** The path under which contenders serve the cluster. */
export const prefix = '/clusters/default'

/** What contenders share: certificates, an upstream, and the gateway’s database. */
export type Ground = {
  dir: string
  caFile: string
  tls: CertificateFiles
  upstream: { url: string; port: number; token: string; pid: number }
  database: BenchDatabase
}

/**
 * Starts an upstream that replays answers of the real API server, which would use too much of the machine, and creates
 * a database.
 */
export async function openGround(context: BenchContext): Promise<Ground> {
  const { stack, scene, reference, cleanup } = context
  const dir = join(context.dir, 'gateway')
  const authority = await openAuthority(join(dir, 'pki'), 'bench authority')
  const tls = await authority.issue('server', {
    commonName: 'localhost',
    hosts: ['localhost', '127.0.0.1'],
    usages: ['server'],
  })
  const answers = await writeAnswers(stack.adminKubeconfig, dir, await scene.space(await scene.person()))
  const { port } = await freePorts('port')
  const upstream = await startProcess({
    name: 'upstream',
    command: reference,
    args: [
      ...['upstream', '-listen', `127.0.0.1:${port}`, '-cert', tls.certFile, '-key', tls.keyFile],
      ...['-object', answers.object, '-list', answers.list],
    ],
    env: { PATH: process.env.PATH },
    cwd: dir,
    logFile: join(dir, 'upstream.log'),
  })
  await cleanup.add('services', () => upstream.stop({ graceMs: 500 }))
  return {
    dir,
    caFile: authority.caFile,
    tls,
    upstream: { url: `https://localhost:${port}`, port, token: 'bench-upstream', pid: upstream.pid },
    database: await createDatabase(stack, 'bench_gateway'),
  }
}
