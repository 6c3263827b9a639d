import { z } from 'zod'

/*
 * The fields of https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/. Used entries are read strictly: an
 * unknown field could change the meaning of the rest. Other entries are ignored.
 */
const text = z.string().min(1, 'it must not be empty')
const entries = z
  .array(z.looseObject({ name: text }))
  .nullish()
  .transform((list) => list ?? [])

export const kubeconfigSchema = z.object({
  'current-context': z.string().optional(),
  contexts: entries,
  clusters: entries,
  users: entries,
})

export const contextSchema = z.strictObject({
  cluster: text,
  user: text,
  namespace: z.string().optional(),
  extensions: z.unknown().optional(),
})

const extensions = z.array(z.looseObject({ name: z.string(), extension: z.unknown().optional() })).nullish()

export const clusterSchema = z.strictObject({
  server: text,
  'certificate-authority': text.optional(),
  'certificate-authority-data': text.optional(),
  'tls-server-name': text.optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'proxy-url': text.optional(),
  'disable-compression': z.boolean().optional(),
  extensions,
})

/**
 * https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ and its predecessor, with the same fields
 */
const execVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'] as const

const execSchema = z.strictObject({
  apiVersion: z.enum(execVersions),
  command: text,
  args: z.array(z.string()).nullish(),
  env: z.array(z.strictObject({ name: text, value: z.string() })).nullish(),
  installHint: z.string().optional(),
  provideClusterInfo: z.boolean().optional(),
  interactiveMode: z.enum(['Never', 'IfAvailable', 'Always']).optional(),
})

export const userSchema = z.strictObject({
  token: text.optional(),
  tokenFile: text.optional(),
  'client-certificate': text.optional(),
  'client-certificate-data': text.optional(),
  'client-key': text.optional(),
  'client-key-data': text.optional(),
  exec: execSchema.nullish(),
  'auth-provider': z.unknown().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  as: z.string().optional(),
  'as-uid': z.string().optional(),
  'as-groups': z.unknown().optional(),
  'as-user-extra': z.unknown().optional(),
  extensions: z.unknown().optional(),
})

export type ClusterEntry = z.infer<typeof clusterSchema>
export type UserEntry = z.infer<typeof userSchema>

export type ExecPlugin = {
  apiVersion: (typeof execVersions)[number]
  /** A name to be found in PATH, or an absolute path. */
  command: string
  args: readonly string[]
  env: readonly { name: string; value: string }[]
  /** The cluster's data for the plugin, as in the `spec` of ExecCredential; undefined: none. */
  cluster: Readonly<Record<string, unknown>> | undefined
}
