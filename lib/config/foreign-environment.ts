import { variables } from './environment.ts'

/** @returns the environment for other programs, without Spaceport's own variables, which hold its secrets */
export function foreignEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const foreign = { ...environment }
  for (const name of Object.keys(foreign)) if (name in variables || isOfPostgres(name)) delete foreign[name]
  return foreign
}

/** Variables of the Postgres driver besides DATABASE_URL, such as PGPASSWORD. */
const isOfPostgres = (name: string) => name.startsWith('PG')
