import { z } from 'zod'
import { startServer } from './start-server.ts'

const environment = z
  .object({
    IDP_PORT: z.coerce.number().int().min(1).max(65_535),
    /** The folder of the keys. */
    IDP_STATE_DIR: z.string().min(1),
    IDP_CLIENT_ID: z.string().min(1),
    IDP_CLIENT_SECRET: z.string().min(16),
    /** The portal's URL. */
    IDP_CLIENT_ORIGIN: z.url(),
    /** The default is localhost and the port. */
    IDP_ISSUER: z.url().optional(),
    IDP_PEOPLE_FILE: z.string().optional(),
    /** Sends browsers through another origin. */
    IDP_HOP: z.literal('1').optional(),
  })
  .parse(process.env)

const issuer = environment.IDP_ISSUER ?? `http://localhost:${environment.IDP_PORT}`
const { stop } = await startServer({
  dir: environment.IDP_STATE_DIR,
  port: environment.IDP_PORT,
  issuer,
  client: {
    id: environment.IDP_CLIENT_ID,
    secret: environment.IDP_CLIENT_SECRET,
    origin: environment.IDP_CLIENT_ORIGIN,
  },
  ...(environment.IDP_PEOPLE_FILE !== undefined && { peopleFile: environment.IDP_PEOPLE_FILE }),
  hop: environment.IDP_HOP !== undefined,
  log: (line) => console.log(`${new Date().toISOString()} ${line}`),
})
console.log(`${issuer} answers on port ${environment.IDP_PORT}`)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void stop())
