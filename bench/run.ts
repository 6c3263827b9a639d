/**
 * `npm run bench`: measures a whole Spaceport against references that run in the same minutes on the same machine.
 * `-- --only 1,7` measures some rows; `-- --json FILE` keeps the findings. Fails when a bar does not hold, or when a
 * reference can't be run.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildReference } from '#bench/reference/build.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { createCleanup } from '#dev/stack/cleanup.ts'
import { startStack } from '#dev/stack/start-stack.ts'
import type { BenchContext } from './bench-context.ts'
import { measureBrowser } from './browser-row.ts'
import { measureCreate } from './create-row.ts'
import { measureCrowding } from './crowding-row.ts'
import { brokenFinding, type Finding } from './finding.ts'
import { measureGet, measureLatency, measureList } from './gateway-rows.ts'
import { type GatewayScene, openGatewayScene } from './gateway-scene.ts'
import { createGenerator } from './load.ts'
import { measureMemory } from './memory-row.ts'
import { measurePages } from './pages-row.ts'
import { parseOptions, type RowName } from './parse-options.ts'
import { renderTable } from './render-table.ts'
import { openScene } from './scene.ts'

const began = performance.now()
const say = (line: string) => console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`)

const options = parseOptions(process.argv.slice(2))
const dir = mkdtempSync(join(tmpdir(), 'spaceport-bench-'))
const cleanup = createCleanup()
const end = async () => {
  await cleanup.run()
  rmSync(dir, { recursive: true, force: true })
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void end().finally(() => process.exit(1)))

try {
  const findings = await measure()
  console.log(
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, medians (least–most of rounds)\n`,
  )
  console.log(renderTable(findings))
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(findings, null, 2)}\n`)
  if (findings.some(({ holds }) => holds === false)) process.exitCode = 1
} finally {
  await end()
}

async function measure(): Promise<Finding[]> {
  say('building the references')
  const reference = await buildReference(dir)
  say('starting Spaceport')
  const stack = await startStack({
    stateDir: join(dir, 'stack'),
    ports: await freePorts('web', 'idp', 'gateway', 'postgres', 'apiserver'),
    web: 'production',
    gateway: true,
    worker: true,
    report: () => {},
    onCrash: say,
  })
  await cleanup.add('infrastructure', stack.stop)
  const scene = await openScene(stack)
  await cleanup.add('services', scene.close)
  const context: BenchContext = { stack, scene, dir, reference, generate: createGenerator(reference), cleanup, say }

  let gatewayScene: Promise<GatewayScene> | undefined
  const withGateway = (run: (context: BenchContext, scene: GatewayScene) => Promise<Finding[]>) => async () => {
    gatewayScene ??= openGatewayScene(context)
    return run(context, await gatewayScene)
  }
  const rows: Record<RowName, () => Promise<Finding[]>> = {
    '1': withGateway(measureGet),
    '2': withGateway(measureLatency),
    '4': withGateway(measureList),
    '7': () => measureCreate(context),
    '8': () => measurePages(context),
    '12': () => measureBrowser(context),
    crowding: withGateway(measureCrowding),
    memory: () => measureMemory(context),
  }
  const findings: Finding[] = []
  for (const row of options.rows) {
    say(`row ${row}`)
    findings.push(
      ...(await rows[row]().catch((error: unknown) => {
        say(String(error))
        return [brokenFinding(row, error)]
      })),
    )
  }
  return findings
}
