import { expect, test } from 'vitest'
import { removalCommand } from '#lib/kernel/model/people/remaining-access.ts'

test('the command names each object, and every name stays one argument', () => {
  expect(
    removalCommand('shop', [
      { kind: 'serviceaccounts', name: 'robot' },
      { kind: 'rolebindings.rbac.authorization.k8s.io', name: `a b'; rm -rf $HOME` },
    ]),
  ).toBe(String.raw`kubectl delete -n shop --ignore-not-found serviceaccount/robot 'rolebinding/a b'\''; rm -rf $HOME'`)
})
