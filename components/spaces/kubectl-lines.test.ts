import { expect, test } from 'vitest'
import { kubectlDescribe, kubectlList, kubectlSecretValue } from './kubectl-lines.ts'

test('the kubectl lines name the kind as kubectl does, and escape the dots of a key', () => {
  expect(kubectlList('PersistentVolumeClaim')).toBe('kubectl get persistentvolumeclaims')
  expect(kubectlDescribe({ kind: 'ConfigMap', name: 'settings' })).toBe('kubectl describe configmap/settings')
  expect(kubectlSecretValue('tls', 'tls.crt')).toBe(
    String.raw`kubectl get secret/tls -o jsonpath='{.data.tls\.crt}' | base64 -d`,
  )
})
