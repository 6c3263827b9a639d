/** `npm start` and `npm run dev`: everything on this machine, until Ctrl-C. */
import { relative, resolve } from 'node:path'
import { readKubeconfigContext } from '#dev/cluster/read-kubeconfig-context.ts'
import { readPeople } from '#dev/idp/people.ts'
import { readUsage } from '#dev/runner/usage.mjs'
import { StoppedWhileStarting } from '#dev/stack/cleanup.ts'
import { readExternalIdentity } from '#dev/stack/read-external-identity.ts'
import { startStack } from '#dev/stack/start-stack.ts'
import { emptyStateDir, stateDirOf } from '#dev/stack/state-dir.ts'
import { checkPorts } from '#dev/start/check-ports.ts'
import { type DemoLogin, keepDemoPeople } from '#dev/start/keep-demo-people.ts'
import { parseOptions, type StartOptions } from '#dev/start/parse-options.ts'
import { renderWelcome } from '#dev/start/render-welcome.ts'
import { openScreen } from '#dev/start/screen.ts'
import { claimState } from '#dev/start/state-lock.ts'
import { waitForEnd } from '#dev/start/wait-for-end.ts'
import { readMigrationConfig } from '#lib/config/config.ts'
import { projectRoot } from './project-root.ts'

const developmentPorts = { web: 3000, idp: 3001, gateway: 8443, postgres: 54_329, apiserver: 16_443, mail: 8025 }

async function main(options: StartOptions): Promise<void> {
  const started = performance.now()
  const stateDir = await chooseStateDir(options)
  const shifted = Object.entries(developmentPorts).map(([use, port]) => [use, port + options.portOffset] as const)
  const ports = { ...developmentPorts, ...Object.fromEntries(shifted) }
  const databaseUrl = process.env.DATABASE_URL ? readMigrationConfig().DATABASE_URL : undefined
  const identity = readExternalIdentity(process.env)

  let stale = false
  const release = await claimState(stateDir, `http://localhost:${ports.web}`, () => {
    stale = true
  })
  const end = waitForEnd()
  try {
    const needed = [
      ['web', true],
      ['gateway', true],
      ['mail', true],
      ['idp', identity === undefined],
      ['postgres', !databaseUrl],
      ['apiserver', options.kubeconfig === undefined],
    ] as const
    const wanted = needed.filter(([, used]) => used).map(([use]) => [use, ports[use]] as const)
    // Those of a killed start may still be exiting.
    await checkPorts(Object.fromEntries(wanted), stale ? 10_000 : 1_000)
    if (options.fresh) emptyStateDir(stateDir)

    // Anyone who can sign in here creates spaces on that cluster: on an external one, passwords must not be guessable.
    const peopleFile = options.kubeconfig === undefined ? undefined : `${stateDir}/people.json`
    const demo = identity === undefined ? listDemoPeople(peopleFile) : []

    const screen = openScreen(process.stdout)
    console.log('Starting Spaceport. Ctrl-C stops it.\n')
    const starting = startStack({
      stateDir,
      ports,
      web: options.dev ? 'dev' : 'production',
      webDir: `${stateDir}/web`,
      gateway: true,
      worker: true,
      cluster:
        options.kubeconfig === undefined
          ? undefined
          : { kubeconfig: resolve(options.kubeconfig), context: options.context },
      databaseUrl,
      identity,
      ...(peopleFile !== undefined && { peopleFile }),
      settings: process.env,
      report: screen.report,
      onCrash: end.crash,
      signal: end.signal,
    })
    const stack = await starting.catch(async (error: unknown) => {
      screen.fail()
      // After a crash during the start, this error says only that starting ended; the crash is the reason.
      const reason = await Promise.race([end.reached, Promise.resolve(undefined)])
      throw reason === undefined ? error : new Error(reason)
    })
    screen.close()
    const { webUrl, gatewayUrl, idpUrl, mailUrl, apiserverUrl, binaries } = stack
    console.log(
      renderWelcome({
        ...{ webUrl, gatewayUrl, idpUrl, mailUrl, apiserverUrl, binaries },
        seconds: ((performance.now() - started) / 1000).toFixed(1),
        logs: relative(process.cwd(), `${stateDir}/logs`),
        demo,
        kubeconfig: options.kubeconfig,
      }),
    )
    const reason = await end.reached
    console.log(reason === undefined ? '\nStopping …' : `\n${reason}\n\nStopping the rest …`)
    await stack.stop()
    console.log('Everything is stopped.')
    if (reason !== undefined) process.exitCode = 1
  } finally {
    release()
  }
}

/** @param file of the passwords for an external cluster; otherwise a demo person's password is the name */
function listDemoPeople(file: string | undefined): DemoLogin[] {
  return file === undefined ? readPeople(undefined) : keepDemoPeople(file)
}

async function chooseStateDir({ stateDir, kubeconfig, context }: StartOptions): Promise<string> {
  if (stateDir !== undefined) return resolve(stateDir)
  const local = `${projectRoot}/.spaceport`
  if (kubeconfig === undefined) return local
  return stateDirOf(local, (await readKubeconfigContext(resolve(kubeconfig), context)).cluster.server)
}

try {
  const options = parseOptions(process.argv.slice(2), process.env)
  if (options.help) console.log(readUsage('start'))
  else await main(options)
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`)
  // 130: as of a program that Ctrl-C ended.
  process.exitCode = error instanceof StoppedWhileStarting ? 130 : 1
}
// Anything still pending (such as an abandoned build) is no longer needed.
process.exit()
