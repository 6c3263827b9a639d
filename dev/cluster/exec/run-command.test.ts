import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { expect, test } from 'vitest'
import { createFiles } from './files.ts'
import { createInput } from './input.ts'
import { runCommand } from './run-command.ts'

const files = createFiles()

async function run(command: readonly string[], options: { typed?: string | Buffer; tty?: boolean } = {}) {
  const input = createInput()
  // A push waits for room, which a reading command makes.
  if (options.typed !== undefined) void input.push(Buffer.from(options.typed))
  input.close()
  let [out, err] = ['', '']
  const code = await runCommand(command, {
    pod: 'web-1',
    tty: options.tty ?? false,
    input,
    files,
    ended: AbortSignal.timeout(10_000),
    out: async (data) => {
      out += data
    },
    err: async (data) => {
      err += data
    },
  })
  return { code, out, err }
}
const sh = (script: string) => run(['sh', '-c', script])
const notFound = 'not found (containers are simulated on this control plane)\n'

test('each known command answers as it would in a container', async () => {
  expect(await run(['echo', 'a', 'b'])).toEqual({ code: 0, out: 'a b\n', err: '' })
  expect(await run(['echo', '-n', 'a'])).toMatchObject({ out: 'a' })
  expect(await run(['hostname'])).toMatchObject({ out: 'web-1\n' })
  expect(await run(['/bin/whoami'])).toMatchObject({ out: 'root\n' })
  expect(await run(['/usr/bin/pwd'])).toMatchObject({ out: '/\n' })
  expect(await run(['ls', '-la', '/'])).toEqual({ code: 0, out: '', err: '' })
  expect(await run(['ls', '/etc'])).toMatchObject({ code: 1, out: '', err: 'ls: /etc: No such file or directory\n' })
  expect(await run(['true'])).toMatchObject({ code: 0 })
  expect(await run(['false'])).toMatchObject({ code: 1 })
  expect((await run(['date'])).out).toMatch(/^\w{3} \w{3} \d{2} \d{2}:\d{2}:\d{2} UTC \d{4}\n$/)
  expect(await run(['printenv', 'HOSTNAME'])).toMatchObject({ code: 0, out: 'web-1\n' })
  expect(await run(['cat'], { typed: 'x\ny' })).toMatchObject({ code: 0, out: 'x\ny' })
})

test('exec takes the shell’s place', async () => {
  expect(await sh('test -x /bin/bash && exec /bin/bash; exec echo a; echo b')).toEqual({ code: 0, out: 'a\n', err: '' })
})

test('files from an archive exist for this pod alone, and come back unchanged', async () => {
  const archive = pack()
  archive.entry({ name: 'a/one.txt' }, 'one\n')
  archive.entry({ name: '../../two.txt' }, 'two\n')
  archive.finalize()
  const bytes = await buffer(archive)
  expect(await run(['tar', '-xmf', '-', '-C', '/tmp'], { typed: bytes })).toEqual({ code: 0, out: '', err: '' })
  expect(await run(['ls', '/tmp'])).toMatchObject({ code: 0, out: '/tmp/a/one.txt\n' })
  expect(await run(['cat', '/tmp/a/one.txt', '/two.txt'])).toMatchObject({ code: 0, out: 'one\ntwo\n' })
  expect(await run(['test', '-d', '/tmp/a'])).toMatchObject({ code: 0 })
  expect(await run(['test', '-d', '/tmp/a/one.txt'])).toMatchObject({ code: 1 })
  expect((await run(['tar', 'cf', '-', '/tmp/a'])).out).toContain('one\n')
  expect(await run(['tar', 'cf', '-', '/etc/passwd'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('No such'),
  })
  expect(await run(['tar', 'cf', '/tmp/x', '/tmp/a'])).toMatchObject({ code: 2 })
})

test('a file that does not fit is reported', async () => {
  const archive = pack()
  archive.entry({ name: 'large' }, Buffer.alloc(16 * 1024 * 1024 + 1))
  archive.finalize()
  const bytes = await buffer(archive)
  expect(await run(['tar', 'xf', '-'], { typed: bytes })).toMatchObject({
    code: 1,
    err: expect.stringContaining('No space'),
  })
})

test('a command may keep running, and Ctrl-C ends it', async () => {
  expect(await run(['sleep', '0.01'])).toMatchObject({ code: 0 })
  expect(await run(['sleep', 'x'])).toMatchObject({ code: 1 })
})

test('any other command is not found', async () => {
  expect(await run(['rm', '-rf', '/'])).toEqual({ code: 127, out: '', err: `sh: rm: ${notFound}` })
  for (const name of ['', '/sbin/echo', '../bin/echo', 'constructor', '__proto__', '/bin//echo', 'exit']) {
    expect(await run([name])).toMatchObject({ code: 127, out: '' })
  }
})

test('no variable of this machine is shown', async () => {
  process.env.SECRET_OF_THIS_MACHINE = 'seen'
  const { out } = await run(['env'], { tty: true })
  delete process.env.SECRET_OF_THIS_MACHINE
  expect(out.split('\n').map((line) => line.split('=')[0])).toEqual(['HOSTNAME', 'HOME', 'PATH', 'TERM', ''])
  expect(await sh('echo "[$PWD$SECRET_OF_THIS_MACHINE]"')).toMatchObject({ out: '[]\n' })
})

test('a shell knows quotes, variables, exit codes and command lists', async () => {
  expect(await sh(`echo 'a  $HOME' "b  \${HOME}" c\\ d`)).toMatchObject({ out: 'a  $HOME b  /root c d\n' })
  expect(await sh('false || echo two && echo three; echo $?')).toMatchObject({ out: 'two\nthree\n0\n' })
  expect(await sh('true || echo never; false && echo never; echo $? # not this')).toMatchObject({ out: '1\n' })
  expect(await sh('echo a; exit 7; echo b')).toMatchObject({ code: 7, out: 'a\n' })
  expect(await sh('nothing')).toMatchObject({ code: 127, err: `sh: nothing: ${notFound}` })
  expect(await sh('sh -c "exit 5"')).toMatchObject({ code: 5 })
  expect(await sh('cd / && cd /root')).toMatchObject({ code: 2, err: "sh: cd: can't cd to /root\n" })
})

test('a script with unknown syntax is refused as a whole', async () => {
  for (const script of [
    'echo a > b',
    'echo a; cat < b',
    'a | b',
    'echo `a`',
    'echo $(a)',
    '(a)',
    'a &',
    "echo 'a",
    '&& a',
  ]) {
    expect(await sh(script), script).toMatchObject({ code: 2, out: '', err: expect.stringContaining('simulated') })
  }
})

test('a shell reads its commands from its input, and its programs read the rest', async () => {
  expect(await run(['sh'], { typed: 'echo one\ncat\ntwo\nthree' })).toMatchObject({ code: 0, out: 'one\ntwo\nthree' })
  expect(await run(['bash'], { typed: 'false\nexit\necho never' })).toMatchObject({ code: 1, out: '' })
  const { out } = await run(['sh'], { typed: 'hostname\n', tty: true })
  expect(out).toMatch(/^Nothing runs in here .*\n\/ # web-1\n\/ # \n$/)
})
