import 'server-only'
import { createPeopleOnline, type PeopleOnline } from '#lib/features/inbox/use-cases/people-online.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { notifications } from './notifications.ts'
import { services } from './services.ts'
import { webLog } from './web-log.ts'

export const peopleOnline = (): PeopleOnline =>
  processValue('people-online', () =>
    createPeopleOnline({
      subscribe: (heard) => notifications().onPeople(heard),
      pool: async () => (await services()).pool,
      clock: () => new Date(),
      onError: (error) => webLog().error({ error }, 'could not read which people a change of spaces affects'),
    }),
  )
