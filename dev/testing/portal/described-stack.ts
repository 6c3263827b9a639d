import { z } from 'zod'

/** The processes that tests may kill and restart. */
export const replaceable = ['web', 'gateway', 'worker'] as const
export type Replaceable = (typeof replaceable)[number]

/** The help link of the tested portal. It is never followed. */
export const helpUrl = 'https://wiki.example.com/spaceport'

/** The Spaceport that browser tests run against. */
export const portalStackSchema = z.object({
  webUrl: z.string(),
  gatewayUrl: z.string(),
  webAdminUrl: z.string(),
  idpUrl: z.string(),
  /** Lists the sent mails: a page, and `/mails` as JSON. */
  mailUrl: z.string(),
  ownerDatabaseUrl: z.string(),
  adminKubeconfig: z.string(),
  kubectl: z.string(),
  /** Read by the identity provider at each sign-in: tests change people's groups there. */
  peopleFile: z.string(),
  /**
   * `POST {controlUrl}/{kill|restart}/{web|gateway|worker}`, where a restart may have settings in its body that last
   * until the next one; `GET {controlUrl}/listening`; `POST {controlUrl}/web-with` starts another web process with the
   * settings in its body, and answers with its URL; `POST {controlUrl}/seed/space` creates a space,
   * `/seed/kubeconfig` answers with a kubeconfig, `/seed/request` with a request’s id, and `/seed/scene` plays the scene
   * of `npm run dev:ui` (seed.ts)
   */
  controlUrl: z.string(),
})
export type PortalStack = z.infer<typeof portalStackSchema>

/** Settings of a process, by variable. */
export const settingsSchema = z.record(z.string(), z.string())

/** The listening addresses of the stack, by process name. */
export const listeningSchema = z.array(z.object({ name: z.string(), address: z.string(), port: z.number() }))
