'use server'

import { listPeople } from '#lib/features/people/use-cases/list-people.ts'
import { searchGroups } from '#lib/features/spaces/use-cases/search-groups.ts'
import { nameSearch } from '#lib/kernel/model/name-search.ts'
import { peopleQuery } from '#lib/kernel/model/people/people-query.ts'
import { brokerCall } from '#lib/web/action/broker-action.ts'

/** Suggests people while a name is typed, for platform admins. */
export const searchPeopleAction = brokerCall({
  name: 'list-people',
  input: peopleQuery.pick({ search: true }),
  useCase: listPeople,
})

/** Suggests groups that have a role in a space while a name is typed, for platform admins. */
export const searchGroupsAction = brokerCall({ name: 'search-groups', input: nameSearch, useCase: searchGroups })
