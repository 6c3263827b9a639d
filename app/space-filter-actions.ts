'use server'

import { listPeople } from '#lib/broker/people/list-people.ts'
import { searchGroups, searchGroupsInput } from '#lib/broker/spaces/search-groups.ts'
import { peopleQuery } from '#lib/domain/people-query.ts'
import { brokerCall } from '#lib/web/action/broker-action.ts'

/** Suggests people while a name is typed, for platform admins. */
export const searchPeopleAction = brokerCall({
  name: 'list-people',
  input: peopleQuery.pick({ search: true }),
  useCase: listPeople,
})

/** Suggests groups that have a role in a space while a name is typed, for platform admins. */
export const searchGroupsAction = brokerCall({ name: 'search-groups', input: searchGroupsInput, useCase: searchGroups })
