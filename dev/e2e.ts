/**
 * `npm run test:e2e`: the browser tests, against a Spaceport that they start. Arguments go on to Playwright: `npm run
 * test:e2e -- sign-in --headed`. `SPACEPORT_E2E_STACK=FILE` uses the one that dev/testing/portal/portal.ts keeps
 * running.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { findChromium } from '#dev/test/find-chromium.ts'
import { projectRoot } from './project-root.ts'

const playwright = join(projectRoot, 'node_modules', '@playwright', 'test', 'cli.js')
const chromium = await findChromium((line) => console.log(line))
const child = spawn(process.execPath, [playwright, 'test', ...process.argv.slice(2)], {
  cwd: projectRoot,
  stdio: 'inherit',
  env: { ...process.env, SPACEPORT_CHROMIUM: chromium },
})
// Playwright stops the tested processes when it is interrupted, and only then.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGINT'))
child.on('error', (error) => {
  console.error(`Playwright could not be started: ${error.message}`)
  process.exit(127)
})
child.on('exit', (code) => process.exit(code ?? 128))
