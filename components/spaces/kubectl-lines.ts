import type { ConfigurationRef } from '#lib/features/spaces/model/configuration.ts'
import { type ConfigurationKind, resourceOfKind } from '#lib/features/spaces/model/configuration-kind.ts'

/** The kubectl commands that do the same as a space’s pages. `of` is `Deployment/web`; the kubeconfig names the rest. */
const target = (of: string): string => of.toLowerCase()

export const kubectlGet = (of: string): string => `kubectl get ${target(of)} -o yaml`

export const kubectlEdit = (of: string): string => `kubectl edit ${target(of)}`

export const kubectlRestart = (of: string): string => `kubectl rollout restart ${target(of)}`

export const kubectlScale = (of: string, replicas: string): string =>
  `kubectl scale ${target(of)} --replicas=${replicas}`

export const kubectlDelete = (of: string): string => `kubectl delete ${target(of)}`

export const kubectlHistory = (of: string): string => `kubectl rollout history ${target(of)}`

export const kubectlUndo = (of: string, revision: number): string =>
  `kubectl rollout undo ${target(of)} --to-revision=${revision}`

export const kubectlRunNow = (name: string): string => `kubectl create job ${name}-manual --from=cronjob/${name}`

export const kubectlSuspend = (name: string, suspend: boolean): string =>
  `kubectl patch cronjob/${name} -p '{"spec":{"suspend":${suspend}}}'`

export const kubectlList = (kind: ConfigurationKind): string => `kubectl get ${resourceOfKind(kind)}`

export const kubectlDescribe = ({ kind, name }: ConfigurationRef): string =>
  `kubectl describe ${kind.toLowerCase()}/${name}`

/** A dot in a JSONPath separates fields, unless it is escaped. */
export const kubectlSecretValue = (name: string, key: string): string =>
  `kubectl get secret/${name} -o jsonpath='{.data.${key.replaceAll('.', '\\.')}}' | base64 -d`
