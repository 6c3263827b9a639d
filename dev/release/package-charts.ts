import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCaptured } from '#dev/process/run-captured.ts'
import { projectRoot } from '#dev/project-root.ts'

const charts = ['cluster-chart', 'chart']

/**
 * Packages both charts. Helm follows links, so the packages have none.
 * @param helm the program
 * @param into the folder for `spaceport-VERSION.tgz` and `spaceport-cluster-VERSION.tgz`
 * @throws Error with Helm's output
 */
export async function packageCharts(helm: string, into: string): Promise<void> {
  mkdirSync(into, { recursive: true })
  const home = mkdtempSync(join(tmpdir(), 'spaceport-helm-'))
  const env = { HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home }
  try {
    for (const chart of charts) {
      const args = ['package', join(projectRoot, 'deploy', chart), '--destination', into]
      const { status, output } = await runCaptured(helm, args, { env })
      if (status !== 0) throw new Error(`helm package ${chart} failed:\n${output.trim()}`)
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}
