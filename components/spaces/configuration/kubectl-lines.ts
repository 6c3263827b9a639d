import type { ConfigurationRef } from '#lib/features/spaces/model/configuration.ts'
import { type ConfigurationKind, resourceOfKind } from '#lib/features/spaces/model/configuration-kind.ts'

/** The kubectl commands that show what the Configuration pages show. The kubeconfig names the namespace. */
export const kubectlList = (kind: ConfigurationKind): string => `kubectl get ${resourceOfKind(kind)}`

export const kubectlDescribe = ({ kind, name }: ConfigurationRef): string =>
  `kubectl describe ${kind.toLowerCase()}/${name}`

/** A dot in a JSONPath separates fields, unless it is escaped. */
export const kubectlSecretValue = (name: string, key: string): string =>
  `kubectl get secret/${name} -o jsonpath='{.data.${key.replaceAll('.', '\\.')}}' | base64 -d`
