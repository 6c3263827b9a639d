import { variables } from './environment.ts'

/** @returns the environment for programs that aren't ours: without Spaceport's own variables, which hold its secrets */
export function foreignEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const foreign = { ...environment }
  for (const name of Object.keys(foreign)) if (name in variables || isOfPostgres(name)) delete foreign[name]
  return foreign
}

/** What the Postgres driver reads besides DATABASE_URL: PGPASSWORD and the like. */
const isOfPostgres = (name: string) => name.startsWith('PG')
