import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { buildWeb } from '#dev/build/build-web.ts'
import { readKubeconfigContext } from '#dev/cluster/read-kubeconfig-context.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { renderEnvironment } from '#dev/stack/environment.ts'
import { startService } from '#dev/stack/service.ts'
import { hashSessionToken } from '#lib/auth/session-rules.ts'
import type { Actor } from '#lib/domain/person.ts'
import { issuerOfTests, openBrokerFixture } from './broker-fixture.ts'
import { startCountingProxy } from './counting-proxy.ts'
import { ownDatabase } from './own-database.ts'

/**
 * The web process as production starts it, behind a proxy that counts what it asks of Postgres, beside the use cases of
 * a broker fixture on the same database. Its people have no provider: sessions are made by SQL, as a sign-in would.
 */
export async function openWebFixture() {
  await buildWeb()
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-web-'))
  const database = await ownDatabase()
  const broker = await openBrokerFixture(database)
  const direct = new URL(database.databaseUrls.web)
  const proxy = await startCountingProxy({ host: direct.hostname, port: Number(direct.port) })
  const ports = await freePorts('web', 'webAdmin', 'gateway', 'gatewayAdmin', 'worker')
  const url = `http://localhost:${ports.web}`
  const { context } = await readKubeconfigContext(inject('kubeBroker'), undefined)
  const { web: env } = renderEnvironment({
    webUrl: url,
    gatewayUrl: 'https://localhost:9',
    ports,
    databaseUrls: {
      ...database.databaseUrls,
      web: Object.assign(new URL(direct), { port: String(proxy.port) }).href,
    },
    brokerKubeconfig: inject('kubeBroker'),
    gatewayKubeconfig: inject('kubeGateway'),
    context,
    identity: { issuer: issuerOfTests, clientId: 'spaceport', clientSecret: 'secret' },
    nextAuthSecret: randomBytes(32).toString('base64url'),
    webhookSecret: randomBytes(32).toString('base64url'),
    tls: { caFile: '', certFile: '', keyFile: '' },
    production: true,
    surroundings: process.env,
    settings: {},
  })
  const web = await startService({
    name: 'web',
    command: launcher,
    args: ['web'],
    env,
    cwd: projectRoot,
    logFile: join(dir, 'web.log'),
    readyUrl: `${url}/api/healthz`,
    onCrash: () => {},
  })
  return {
    broker,
    url,
    /** Where it answers operators. */
    adminUrl: env.WEB_ADMIN_LISTEN ? `http://${env.WEB_ADMIN_LISTEN}` : '',
    /** What the web process asked of Postgres since the last call. */
    takeTraffic: proxy.take,
    /** @returns a new session's cookie */
    async signIn(person: Actor): Promise<string> {
      const token = randomBytes(32).toString('base64url')
      await broker.owner.query(
        `INSERT INTO session (id, token_hash, user_id, expires_at)
         VALUES (gen_random_uuid(), $1, $2, now() + interval '1 hour')`,
        [hashSessionToken(token), person.userId],
      )
      return `spaceport-session=${token}`
    },
    /** A GET that follows no redirect. */
    get: (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
      fetch(url + path, { headers, redirect: 'manual' }),
    async close() {
      await web.stop()
      await proxy.close()
      await broker.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export type WebFixture = Awaited<ReturnType<typeof openWebFixture>>
