import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'
import type { CertificateFiles } from './certificates.ts'
import type { ClusterEntry } from './read-kubeconfig-context.ts'

/** The client's credential. */
type Login = { token: string } | CertificateFiles

/**
 * Writes a kubeconfig that needs no other file, readable by its owner only; a concurrent reader sees the old or the new
 * one, never half.
 */
export async function writeKubeconfig(
  path: string,
  options: { context: string; cluster: ClusterEntry; user: string; login: Login },
): Promise<void> {
  const { context, cluster, user, login } = options
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    contexts: [{ name: context, context: { cluster: context, user } }],
    clusters: [{ name: context, cluster }],
    users: [{ name: user, user: 'token' in login ? { token: login.token } : await certificateData(login) }],
  }
  const temporary = `${path}.${process.pid}`
  await writeFile(temporary, stringify(content, { lineWidth: 0 }), { mode: 0o600 })
  await chmod(temporary, 0o600)
  await rename(temporary, path)
}

async function certificateData(files: CertificateFiles) {
  return {
    'client-certificate-data': (await readFile(files.certFile)).toString('base64'),
    'client-key-data': (await readFile(files.keyFile)).toString('base64'),
  }
}
