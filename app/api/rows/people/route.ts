import { toPeopleListData } from '#components/people/people-list-data.ts'
import { listPeople } from '#lib/features/people/use-cases/list-people.ts'
import { peopleQuery } from '#lib/kernel/model/people/people-query.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

export const GET = rowsRoute({
  name: 'people rows',
  input: peopleQuery,
  useCase: listPeople,
  show: toPeopleListData,
})

export const dynamic = 'force-dynamic'
