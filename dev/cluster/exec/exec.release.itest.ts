import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request as ask } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { helperPorts } from '#dev/cluster/arguments.ts'
import { type Binaries, buildControlPlane } from '#dev/cluster/build.ts'
import { type ControlPlane, type ControlPlanePorts, startControlPlane } from '#dev/cluster/control-plane.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { createKubectl, type Kubectl } from '#dev/testing/kubectl.ts'

/** `kubectl exec` under `npm start`, with the real kubectl, API server and kwok. */
let dir: string
let binaries: Binaries
let controlPlane: ControlPlane
let kubectl: Kubectl
let ports: ControlPlanePorts
const report = () => {}
/** Several waits, each of which may take long on a busy machine. */
const slow = { timeout: 120_000 }

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'spaceport-exec-'))
  binaries = (await buildControlPlane({ report })).binaries
  ports = await freePorts('apiserver', ...helperPorts)
  controlPlane = await startControlPlane({ dir, binaries, ports, fsync: false, report, onExit: () => {} })
  kubectl = createKubectl({ program: binaries.kubectl, kubeconfig: controlPlane.adminKubeconfig })
  await vi.waitFor(() => kubectl.ok(['run', 'one', '--image', 'any']), { timeout: 30_000, interval: 100 })
  await kubectl.ok(['wait', '--for=condition=Ready', 'pod/one'])
}, 120_000)

afterAll(async () => {
  await controlPlane?.stop()
  await rm(dir, { recursive: true, force: true })
})

describe.each(['true', 'false'])('with WebSocket: %s', (webSockets) => {
  beforeAll(() => {
    vi.stubEnv('KUBECTL_REMOTE_COMMAND_WEBSOCKETS', webSockets)
    return () => vi.unstubAllEnvs()
  })
  const exec = (...command: string[]) => kubectl.run(['exec', 'one', '--', ...command])

  test('a known command is answered, with its exit code', async () => {
    expect(await exec('echo', 'from', 'inside')).toEqual({ status: 0, stdout: 'from inside\n', stderr: '' })
    expect(await exec('hostname')).toMatchObject({ status: 0, stdout: 'one\n' })
    expect(await exec('false')).toMatchObject({ status: 1, stdout: '' })
    expect(await exec('sh', '-c', 'echo $HOSTNAME && exit 42')).toMatchObject({ status: 42, stdout: 'one\n' })
  })

  test('any other command is not found, and nothing runs on this machine', async () => {
    const witness = join(dir, `witness-${webSockets}`)
    for (const command of [
      ['touch', witness],
      ['/bin/touch', witness],
      ['sh', '-c', `touch ${witness}`],
      ['/bin/sh', '-c', `echo x; /usr/bin/touch ${witness}`],
      [process.execPath, '-e', `fs.writeFileSync(${JSON.stringify(witness)}, '')`],
    ]) {
      const { status, stderr } = await exec(...command)
      expect(stderr).toContain('not found (containers are simulated on this control plane)')
      expect(status).toBe(127)
    }
    expect(await exec('sh', '-c', `echo x > ${witness}`)).toMatchObject({ status: 2 })
    expect(await exec('cat', '/etc/passwd')).toMatchObject({ status: 1, stdout: '' })
    expect(existsSync(witness)).toBe(false)
  })

  test('input of any size comes back', async () => {
    const input = 'a line of some length\n'.repeat(100_000)
    const { status, stdout, stderr } = await kubectl.run(['exec', '-i', 'one', '--', 'cat'], { input })
    expect({ status, stderr, same: stdout === input }).toEqual({ status: 0, stderr: '', same: true })
    const script = 'echo one\nfalse\necho $?\nexit 3\necho never\n'
    expect(await kubectl.run(['exec', '-i', 'one', '--', 'sh'], { input: script })).toMatchObject({
      status: 3,
      stdout: 'one\n1\n',
    })
  })

  test('kubectl cp copies a file in and out again', async () => {
    const [from, to] = [join(dir, `from-${webSockets}`), join(dir, `to-${webSockets}`)]
    await writeFile(from, Buffer.alloc(5_000_000, webSockets))
    await kubectl.ok(['cp', from, 'one:/tmp/carried'])
    expect(await exec('ls', '/tmp/carried')).toMatchObject({ status: 0, stdout: '/tmp/carried\n' })
    await kubectl.ok(['cp', 'one:/tmp/carried', to])
    expect((await readFile(to)).equals(await readFile(from))).toBe(true)
  })

  // kubectl needs a terminal of its own, which `script` of util-linux provides.
  test.skipIf(process.platform !== 'linux')(
    'a shell in a terminal answers line by line, until Ctrl-D',
    slow,
    async () => {
      const line = `${binaries.kubectl} exec -it one -- sh`
      const child = spawn('/usr/bin/script', ['--quiet', '--return', '--command', line, '/dev/null'], {
        env: { ...process.env, KUBECONFIG: controlPlane.adminKubeconfig, HOME: dir, TERM: 'xterm', SHELL: '/bin/sh' },
      })
      let screen = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        screen += text
      })
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
      const shows = (text: string) => vi.waitFor(() => expect(screen).toContain(text), { timeout: 30_000 })
      await shows('/ # ')
      child.stdin.write('whoamx\x7fi\r')
      await shows('/ # whoamx\b \bi\r\nroot\r\n/ # ')
      child.stdin.write('cat\rback\r')
      await shows('back\r\nback\r\n')
      child.stdin.write('\x03')
      await shows('^C\r\n/ # ')
      child.stdin.write('echo $?\r')
      await shows('130\r\n/ # ')
      child.stdin.write('sleep 1000\r')
      await shows('sleep 1000\r\n')
      child.stdin.write('\x03')
      await shows('^C\r\n/ # ')
      child.stdin.write('rm -rf /\r')
      await shows('sh: rm: not found')
      child.stdin.write('\x04')
      expect(await ended).toBe(127)
    },
  )
})

test('logs, attach and port-forward still reach the node, and stream', slow, async () => {
  const followed = kubectl.start(['logs', '-f', 'one'])
  await vi.waitFor(() => expect(followed.output()).toContain('development node'), { timeout: 30_000 })
  const attached = kubectl.start(['attach', 'one'])
  const written = async () => {
    // The node answers both from this file; attach shows only lines written after it began.
    await appendFile(join(dir, 'pod.log'), `${new Date().toISOString()} stdout F one more line\n`)
    for (const { output } of [followed, attached]) expect(output()).toContain('one more line')
  }
  await vi.waitFor(written, { timeout: 30_000, interval: 200 })
  const forwarded = kubectl.start(['port-forward', 'pod/one', ':80'])
  const port = await vi.waitFor(() => z.string().parse(/127\.0\.0\.1:(\d+)/.exec(forwarded.output())?.[1]), 30_000)
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('development node')
  for (const lasting of [followed, attached, forwarded]) await lasting.stop()
})

test('only the API server is answered, not another certificate of the same authority', async () => {
  const { ca, port } = { ca: await readFile(controlPlane.caFile), port: await kubeletPort() }
  const status = async (name: string | undefined) => {
    const client = name && {
      cert: await readFile(join(dir, 'pki', `${name}.crt`)),
      key: await readFile(join(dir, 'pki', `${name}.key`)),
    }
    const headers = { connection: 'upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v4.channel.k8s.io' }
    const path = '/exec/default/one/one?command=echo&output=1'
    const { promise, resolve } = Promise.withResolvers<number | string | undefined>()
    const request = ask({ host: '127.0.0.1', port, ca, agent: false, method: 'POST', path, headers, ...client })
    request.on('response', (response) => resolve(response.statusCode))
    request.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response.statusCode)
    })
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    request.end()
    return promise
  }
  expect(await status('kubelet-client')).toBe(101)
  for (const name of ['admin', 'kwok', 'etcd-client']) expect(await status(name), name).toBe(403)
  expect(await status(undefined)).toMatch(/CERTIFICATE_REQUIRED|ECONNRESET/)
})

test('kwok’s own port, open to everyone on this machine, runs nothing either', async () => {
  const node = await kubectl.ok(['get', 'nodes', '-o', 'name'])
  const lookAt = (Port: number) => {
    const patch = { status: { daemonEndpoints: { kubeletEndpoint: { Port } } } }
    return kubectl.ok(['patch', node.trim(), '--subresource=status', '--type=merge', '-p', JSON.stringify(patch)])
  }
  const before = await kubeletPort()
  await lookAt(ports.kwok)
  const witness = join(dir, 'witness-of-kwok')
  for (const command of [
    ['touch', witness],
    ['/bin/sh', '-c', `touch ${witness}`],
  ]) {
    const { status, stderr } = await kubectl.run(['exec', 'one', '--', ...command])
    expect(status).not.toBe(0)
    expect(stderr).toContain('nothing is run in its pods')
  }
  expect(existsSync(witness)).toBe(false)
  await lookAt(before)
})

async function kubeletPort(): Promise<number> {
  const path = '{.items[0].status.daemonEndpoints.kubeletEndpoint.Port}'
  return Number(await kubectl.ok(['get', 'nodes', '-o', `jsonpath=${path}`]))
}
