/**
 * `npm run bench`: measures a whole Spaceport against references that run at the same time on the same machine. `--
 * --only 1,7` measures some rows; `-- --json FILE` stores the findings; `-- --trail-rows N` sets the size of the trail
 * in the row `company`. Fails when a bar is missed, or when a reference can't run.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { brokenFinding, type Finding } from '#bench/figures/finding.ts'
import { renderTable } from '#bench/figures/render-table.ts'
import { createGenerator } from '#bench/load/load.ts'
import { describePlacement, type Placement, readPlacement } from '#bench/machine/cores.ts'
import { createSurroundings } from '#bench/machine/surroundings.ts'
import { buildReference } from '#bench/reference/build.ts'
import { openScene } from '#bench/scene/scene.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { createCleanup } from '#dev/stack/cleanup.ts'
import { startStack } from '#dev/stack/start-stack.ts'
import { needsPortal, parseOptions } from './parse-options.ts'
import { listRows } from './rows.ts'

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
  const placement = await readPlacement()
  const findings = await measure(placement)
  console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`)
  console.log(`${describePlacement(placement)}; medians (min–max of rounds)\n`)
  console.log(renderTable(findings))
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(findings, null, 2)}\n`)
  if (findings.some(({ holds }) => holds === false)) process.exitCode = 1
} finally {
  await end()
}

async function measure(placement: Placement): Promise<Finding[]> {
  say('building the references')
  const reference = await buildReference(dir)
  say('starting Spaceport')
  const stack = await startStack({
    stateDir: join(dir, 'stack'),
    ports: await freePorts('web', 'idp', 'gateway', 'postgres', 'apiserver'),
    web: needsPortal(options.rows) ? 'production' : 'none',
    gateway: true,
    worker: true,
    report: () => {},
    onCrash: say,
  })
  await cleanup.add('infrastructure', stack.stop)
  const scene = await openScene(stack)
  await cleanup.add('services', scene.close)
  const surroundings = createSurroundings(placement)
  const generate = createGenerator(reference)
  const { trailRows } = options
  const rows = listRows({ stack, scene, dir, reference, generate, placement, surroundings, cleanup, trailRows, say })
  const findings: Finding[] = []
  for (const name of options.rows) {
    say(`row ${name}`)
    const row = rows[name]
    await (row.pinned ? surroundings.stepAside() : surroundings.spreadOut())
    findings.push(
      ...(await row.measure().catch((error: unknown) => {
        say(String(error))
        return [brokenFinding(name, error)]
      })),
    )
  }
  return findings
}
