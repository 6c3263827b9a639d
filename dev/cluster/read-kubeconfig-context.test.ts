import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readKubeconfigContext } from './read-kubeconfig-context.ts'

const dir = mkdtempSync(join(tmpdir(), 'spaceport-kubeconfig-'))
afterAll(() => rmSync(dir, { recursive: true }))

const write = (name: string, text: string) => {
  writeFileSync(join(dir, name), text)
  return join(dir, name)
}
const config = (cluster: string) =>
  `{ current-context: a, contexts: [{ name: a, context: { cluster: c } }], clusters: [{ name: c, cluster: ${cluster} }] }`

test.each([
  ['no file', () => join(dir, 'missing'), () => `There is no kubeconfig at ${dir}/missing.`],
  [
    'a file as a folder',
    () => join(write('file', ''), 'config'),
    () => `There is no kubeconfig at ${dir}/file/config.`,
  ],
  ['a folder', () => dir, () => `The kubeconfig at ${dir} can’t be read: it is a folder.`],
  ['no YAML', () => write('broken', '{'), () => `${dir}/broken is not a kubeconfig.`],
  ['an empty file', () => write('empty', ''), () => `${dir}/empty is not a kubeconfig.`],
  [
    'a missing CA',
    () => write('ca', config('{ server: https://a, certificate-authority: ca.crt }')),
    () => `There is no CA, which ${dir}/ca names, at ${dir}/ca.crt.`,
  ],
])('%s is reported in a sentence', async (_what, path, said) => {
  await expect(readKubeconfigContext(path(), undefined)).rejects.toThrow(said())
})

test('a CA in a file is included', async () => {
  write('ca.crt', 'a certificate')
  const path = write('good', config('{ server: https://a, certificate-authority: ca.crt }'))
  expect(await readKubeconfigContext(path, undefined)).toEqual({
    context: 'a',
    cluster: { server: 'https://a', 'certificate-authority-data': Buffer.from('a certificate').toString('base64') },
  })
})
