import type { CertificateFiles } from './certificates.ts'

/** Parts of a control plane that listen on this machine, besides the API server. */
export const helperPorts = [
  'etcdClient',
  'etcdPeer',
  'scheduler',
  'controllerManager',
  'kwok',
  'metricsServer',
] as const
export type ControlPlanePorts = Record<'apiserver' | (typeof helperPorts)[number], number>

/** Paths of everything that the processes read and write. */
export type Layout = {
  etcdData: string
  auditPolicy: string
  auditLog: string
  /** The size at which the log is rotated. */
  auditLogMegabytes: number
  /** A kubeconfig: where the API server sends its audit. */
  auditWebhook: string | undefined
  caFile: string
  certificates: Record<
    'etcd' | 'apiserver' | 'etcdClient' | 'kubeletClient' | 'kwok' | 'admin' | 'metricsServer' | 'aggregator',
    CertificateFiles
  >
  /** Signs only the API server's certificate for aggregated APIs, where it names the caller. */
  aggregatorCaFile: string
  signingKey: { privateFile: string; publicFile: string }
  kubeconfigs: Record<'admin' | 'controllerManager' | 'scheduler' | 'kwok' | 'metricsServer', string>
  kwokConfig: string
}

const loopback = '127.0.0.1'
/** The name in the API server’s client certificate for aggregated APIs. */
export const aggregatorName = 'kube-apiserver-aggregator'
const flags = (values: Record<string, string | number | boolean>) =>
  Object.entries(values).map(([name, value]) => `--${name}=${value}`)

/** etcd holds every secret of the cluster, so even on loopback it requires one of our client certificates. */
export const etcdArguments = (ports: ControlPlanePorts, layout: Layout, { fsync }: { fsync: boolean }) => {
  const { certFile, keyFile } = layout.certificates.etcd
  const client = `https://${loopback}:${ports.etcdClient}`
  const peer = `https://${loopback}:${ports.etcdPeer}`
  return flags({
    name: 'default',
    'data-dir': layout.etcdData,
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
    'cert-file': certFile,
    'key-file': keyFile,
    'client-cert-auth': true,
    'trusted-ca-file': layout.caFile,
    'peer-cert-file': certFile,
    'peer-key-file': keyFile,
    'peer-client-cert-auth': true,
    'peer-trusted-ca-file': layout.caFile,
    'auto-compaction-mode': 'periodic',
    'auto-compaction-retention': '10m',
    'log-level': 'warn',
    'unsafe-no-fsync': !fsync,
  })
}

export const apiserverArguments = (ports: ControlPlanePorts, layout: Layout) =>
  flags({
    'etcd-servers': `https://${loopback}:${ports.etcdClient}`,
    'etcd-cafile': layout.caFile,
    'etcd-certfile': layout.certificates.etcdClient.certFile,
    'etcd-keyfile': layout.certificates.etcdClient.keyFile,
    'bind-address': loopback,
    'advertise-address': loopback,
    // An endpoint on loopback is not valid for the service `kubernetes`, and no pod here calls it.
    'endpoint-reconciler-type': 'none',
    'secure-port': ports.apiserver,
    'tls-cert-file': layout.certificates.apiserver.certFile,
    'tls-private-key-file': layout.certificates.apiserver.keyFile,
    'client-ca-file': layout.caFile,
    'authorization-mode': 'RBAC',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': layout.signingKey.publicFile,
    'service-account-signing-key-file': layout.signingKey.privateFile,
    'service-cluster-ip-range': '10.96.0.0/16',
    'audit-policy-file': layout.auditPolicy,
    'audit-log-path': layout.auditLog,
    'audit-log-maxsize': layout.auditLogMegabytes,
    'audit-log-maxbackup': 2,
    ...(layout.auditWebhook !== undefined && {
      'audit-webhook-config-file': layout.auditWebhook,
      'audit-webhook-batch-max-wait': '1s',
      'audit-webhook-truncate-enabled': true,
    }),
    'kubelet-certificate-authority': layout.caFile,
    'kubelet-client-certificate': layout.certificates.kubeletClient.certFile,
    'kubelet-client-key': layout.certificates.kubeletClient.keyFile,
    // The fake node is ready at once; its taint would delay a first start by 5 s, until a controller removes it.
    'disable-admission-plugins': 'TaintNodesByCondition',
    'kubelet-preferred-address-types': 'InternalIP',
    ...aggregation(layout),
    'proxy-client-cert-file': layout.certificates.aggregator.certFile,
    'proxy-client-key-file': layout.certificates.aggregator.keyFile,
    'allow-privileged': true,
    profiling: false,
  })

/**
 * How an aggregated API learns the caller from the API server:
 * https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/
 */
const aggregation = (layout: Layout) => ({
  'requestheader-client-ca-file': layout.aggregatorCaFile,
  'requestheader-allowed-names': aggregatorName,
  'requestheader-username-headers': 'X-Remote-User',
  'requestheader-group-headers': 'X-Remote-Group',
  'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
})

export const controllerManagerArguments = (ports: ControlPlanePorts, layout: Layout) =>
  flags({
    kubeconfig: layout.kubeconfigs.controllerManager,
    'authentication-kubeconfig': layout.kubeconfigs.controllerManager,
    'authorization-kubeconfig': layout.kubeconfigs.controllerManager,
    'bind-address': loopback,
    'secure-port': ports.controllerManager,
    'tls-cert-file': layout.certificates.apiserver.certFile,
    'tls-private-key-file': layout.certificates.apiserver.keyFile,
    'root-ca-file': layout.caFile,
    'service-account-private-key-file': layout.signingKey.privateFile,
    // Each controller has its own identity, as on every production cluster: the admission policies rely on it.
    'use-service-account-credentials': true,
    // With the defaults of 20 and 30, the first controller takes 5 s to do anything.
    'kube-api-qps': 500,
    'kube-api-burst': 1000,
    // If admission counted while this controller’s view lagged, the count stays wrong until the next resync: by default
    // 5 min.
    'resource-quota-sync-period': '10s',
    'leader-elect': false,
    profiling: false,
  })

export const schedulerArguments = (ports: ControlPlanePorts, layout: Layout) =>
  flags({
    kubeconfig: layout.kubeconfigs.scheduler,
    'authentication-kubeconfig': layout.kubeconfigs.scheduler,
    'authorization-kubeconfig': layout.kubeconfigs.scheduler,
    'bind-address': loopback,
    'secure-port': ports.scheduler,
    'tls-cert-file': layout.certificates.apiserver.certFile,
    'tls-private-key-file': layout.certificates.apiserver.keyFile,
    'leader-elect': false,
    profiling: false,
  })

/** @param nodePort the port of the node's kubelet */
export const kwokArguments = (ports: ControlPlanePorts, layout: Layout, nodePort: number) =>
  flags({
    kubeconfig: layout.kubeconfigs.kwok,
    config: layout.kwokConfig,
    'manage-all-nodes': true,
    cidr: '10.244.0.0/16',
    'node-ip': loopback,
    'node-port': nodePort,
    'server-address': `${loopback}:${ports.kwok}`,
    'tls-cert-file': layout.certificates.kwok.certFile,
    'tls-private-key-file': layout.certificates.kwok.keyFile,
    'node-lease-duration-seconds': 40,
  })

export const metricsServerArguments = (ports: ControlPlanePorts, layout: Layout) => {
  const { metricsServer, kubeletClient } = layout.certificates
  return flags({
    kubeconfig: layout.kubeconfigs.metricsServer,
    'authentication-kubeconfig': layout.kubeconfigs.metricsServer,
    'authorization-kubeconfig': layout.kubeconfigs.metricsServer,
    'authentication-skip-lookup': true,
    'client-ca-file': layout.caFile,
    ...aggregation(layout),
    'bind-address': loopback,
    'secure-port': ports.metricsServer,
    'tls-cert-file': metricsServer.certFile,
    'tls-private-key-file': metricsServer.keyFile,
    'kubelet-preferred-address-types': 'InternalIP',
    'kubelet-use-node-status-port': true,
    'kubelet-certificate-authority': layout.caFile,
    'kubelet-client-certificate': kubeletClient.certFile,
    'kubelet-client-key': kubeletClient.keyFile,
    'kubelet-request-timeout': '5s',
    // The shortest allowed interval. A pod is measured after two readings.
    'metric-resolution': '10s',
  })
}
