import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { aggregatorName, type Layout } from './arguments.ts'
import { openAuthority, openSigningKey } from './certificates.ts'
import { renderKwokConfig } from './kwok-config.ts'
import { metricsServerHost } from './metrics-service.ts'
import { writeKubeconfig } from './write-kubeconfig.ts'

/** The API server's identity towards the node's kubelet. */
export const kubeletClientName = 'kube-apiserver-kubelet-client'

/**
 * `policy`: a file that replaces ours; `webhook`: a kubeconfig of an additional audit receiver. At `logMegabytes` (50),
 * the log is rotated.
 */
export type ControlPlaneAudit = { policy?: string; webhook?: string; logMegabytes?: number }

/** Writes everything that must exist before the first process: folders, certificates, kubeconfigs, configuration. */
export async function prepareFiles(options: {
  dir: string
  serverUrl: string
  audit: ControlPlaneAudit
}): Promise<Layout> {
  const { dir } = options
  const pki = join(dir, 'pki')
  const etcdData = join(dir, 'etcd')
  for (const folder of [dir, etcdData, join(dir, 'logs')]) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)
  }
  const authority = await openAuthority(pki, 'Spaceport development cluster')
  const server = (name: string, hosts: string[], usages: ('server' | 'client')[] = ['server']) =>
    authority.issue(name, { commonName: name, hosts, usages })
  const client = (name: string, commonName: string, organization?: string) =>
    authority.issue(name, { commonName, usages: ['client'], ...(organization && { organization }) })
  const aggregator = await openAuthority(join(pki, 'aggregator'), 'Spaceport development aggregator')
  const certificates = {
    etcd: await server('etcd', ['127.0.0.1'], ['server', 'client']),
    apiserver: await server('apiserver', ['127.0.0.1', 'localhost', '10.96.0.1', 'kubernetes.default.svc']),
    kwok: await server('kwok-server', ['127.0.0.1']),
    etcdClient: await client('etcd-client', 'kube-apiserver'),
    metricsServer: await server('metrics-server', ['127.0.0.1', metricsServerHost]),
    aggregator: await aggregator.issue('client', { commonName: aggregatorName, usages: ['client'] }),
    kubeletClient: await client('kubelet-client', kubeletClientName),
    admin: await client('admin', 'spaceport:installer', 'system:masters'),
  }
  const ca = await readFile(authority.caFile)
  const cluster = { server: options.serverUrl, 'certificate-authority-data': ca.toString('base64') }
  const kubeconfig = async (user: string, login: typeof certificates.admin) => {
    const path = join(dir, `${user}.kubeconfig`)
    await writeKubeconfig(path, { context: 'default', cluster, user, login })
    return path
  }
  const podLog = join(dir, 'pod.log')
  await writeFile(podLog, renderPodLog(), { mode: 0o600 })
  const kwokConfig = join(dir, 'kwok.yaml')
  const forwardCommand = [process.execPath, join(import.meta.dirname, 'forward-answer.mjs')]
  const rendered = renderKwokConfig({ logsFile: podLog, forwardCommand })
  await writeFile(kwokConfig, rendered, { mode: 0o600 })
  return {
    etcdData,
    auditPolicy: options.audit.policy ?? join(import.meta.dirname, 'audit-policy.yaml'),
    auditWebhook: options.audit.webhook,
    auditLog: join(dir, 'audit.log'),
    auditLogMegabytes: options.audit.logMegabytes ?? 50,
    caFile: authority.caFile,
    aggregatorCaFile: aggregator.caFile,
    certificates,
    signingKey: await openSigningKey(pki),
    kubeconfigs: {
      admin: await kubeconfig('admin', certificates.admin),
      controllerManager: await kubeconfig(
        'controller-manager',
        await client('controller-manager', 'system:kube-controller-manager'),
      ),
      scheduler: await kubeconfig('scheduler', await client('scheduler', 'system:kube-scheduler')),
      // kwok simulates every node's kubelet, and metrics-server asks it; a fake one needs no separate rights.
      kwok: await kubeconfig('kwok', await client('kwok', 'spaceport:kwok', 'system:masters')),
      metricsServer: await kubeconfig(
        'metrics-server',
        await client('metrics-server-client', 'spaceport:metrics-server', 'system:masters'),
      ),
    },
    kwokConfig,
  }
}

// The container runtime's format, which kwok reads: time, stream, F for a full line, text.
const renderPodLog = () =>
  ['This pod runs on a development node: its containers are not started.', 'A real pod’s output would follow here.']
    .map((text) => `${new Date().toISOString().replace('Z', '000000Z')} stdout F ${text}\n`)
    .join('')
