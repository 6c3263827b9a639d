import { spawn } from 'node:child_process'

/**
 * Runs a program behind one line of progress; its output is shown only when it fails.
 * @param {string} title what the line says
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: Record<string, string>, wayOut: string, skip?: RegExp }} options
 *   `skip` drops lines of noise from what is shown on failure
 */
export function runQuietly(title, program, args, { cwd, env, wayOut, skip }) {
  const started = Date.now()
  const seconds = () => ((Date.now() - started) / 1000).toFixed(0)
  const live = process.stderr.isTTY
  const show = (text) => process.stderr.write(live ? `\r\x1b[2K${text}` : `${text}\n`)
  show(`${title} …`)
  const timer = live ? setInterval(() => show(`${title} … ${seconds()} s`), 1000) : undefined

  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let output = ''
    const keep = (chunk) => {
      output = (output + chunk).slice(-100_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const failed = (reason) => {
      const lines = output.split('\n').filter((line) => line.trim() !== '' && !skip?.test(line))
      reject(new Error([`${title} failed: ${reason}`, ...lines.slice(-25), '', wayOut].join('\n')))
    }
    child.on('error', (error) => failed(error.message))
    child.on('close', (code, signal) => {
      clearInterval(timer)
      if (code === 0) {
        show(`${title}: done in ${seconds()} s${live ? '\n' : ''}`)
        resolve()
        return
      }
      if (live) show('')
      failed(`\`${program} ${args.join(' ')}\` ended with ${signal ?? `status ${code}`}`)
    })
  })
}
