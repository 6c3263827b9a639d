import 'server-only'
import { createPeopleOnline, type PeopleOnline } from '#lib/features/inbox/use-cases/people-online.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { notifications } from './notifications.ts'
import { services } from './services.ts'
import { webLog } from './web-log.ts'

/** Everybody who follows what concerns them with this process. */
export const peopleOnline = (): PeopleOnline =>
  processValue('people-online', () =>
    createPeopleOnline({
      subscribe: (heard) => notifications().onPeople(heard),
      pool: async () => (await services()).pool,
      clock: () => new Date(),
      onError: (error) => webLog().error({ error }, 'whom a change of spaces concerns could not be read'),
    }),
  )
