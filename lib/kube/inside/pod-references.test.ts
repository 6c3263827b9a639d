import { expect, test } from 'vitest'
import { containerPorts, podReferences, podSpecSchema } from './pod-references.ts'

const spec = podSpecSchema.parse({
  serviceAccountName: 'web',
  imagePullSecrets: [{ name: 'registry' }],
  initContainers: [{ envFrom: [{ configMapRef: { name: 'settings' } }] }],
  containers: [
    {
      ports: [{ containerPort: 8080 }, { containerPort: 53, protocol: 'UDP' }, { containerPort: 8080 }],
      env: [
        { name: 'A', value: 'x' },
        { name: 'B', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
      ],
      volumeMounts: [
        { name: 'config', mountPath: '/etc/web' },
        { name: 'data', mountPath: '/data' },
        { name: 'disk', mountPath: '/disk' },
      ],
    },
  ],
  volumes: [
    { name: 'config', configMap: { name: 'settings' } },
    { name: 'data', persistentVolumeClaim: { claimName: 'uploads' } },
    { name: 'unused', secret: { secretName: 'spare' } },
    { name: 'scratch', emptyDir: {} },
    {
      name: 'token',
      projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }, { secret: { name: 'tls' } }] },
    },
  ],
})

test('each object that pods use is listed once, with where', () => {
  expect(podReferences(spec, ['disk'])).toEqual([
    { kind: 'PersistentVolumeClaim', name: 'disk-…', places: ['/disk'] },
    { kind: 'PersistentVolumeClaim', name: 'uploads', places: ['/data'] },
    { kind: 'ConfigMap', name: 'settings', places: ['environment', '/etc/web'] },
    { kind: 'Secret', name: 'db', places: ['environment'] },
    { kind: 'Secret', name: 'registry', places: ['image pull'] },
    { kind: 'Secret', name: 'spare', places: ['not mounted'] },
    { kind: 'Secret', name: 'tls', places: ['not mounted'] },
    { kind: 'ServiceAccount', name: 'web', places: ['identity'] },
  ])
})

test('TCP ports are listed once each', () => {
  expect(containerPorts(spec)).toEqual([8080])
  expect(containerPorts(podSpecSchema.parse({}))).toEqual([])
})
