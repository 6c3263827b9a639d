import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'

/** The standard output of a process that logs this. */
async function logged(expression: string): Promise<string> {
  const file = new URL('./logger.ts', import.meta.url).href
  const code = `import(${JSON.stringify(file)}).then(({ createLogger }) => createLogger('web', 'info').error({ error: ${expression} }, 'x'))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code])
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  await once(child, 'close')
  return text
}

test('an error with client input or circular causes makes no long line', async () => {
  const line = await logged(`Object.assign(new Error('a'.repeat(10_000_000)), { name: 'ZodError' })`)
  expect(line.length).toBeGreaterThan(1_000)
  expect(line.length).toBeLessThan(20_000)
  const round = await logged(`(() => { const e = new Error('round'); e.cause = e; return e })()`)
  expect(JSON.parse(round)).toMatchObject({ error: { message: 'round', cause: { message: 'round' } } })
})
