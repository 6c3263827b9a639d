import type { SelectOption } from '#components/ui/form/select-field.tsx'
import { knownActions } from './action-words.ts'
import { actionLabel } from './sentence.ts'

/** A value that ends in a dot matches every action with that prefix. */
const families = [
  ['space.', 'Everything about spaces'],
  ['grant.', 'Everything about members'],
  ['request.', 'Everything about requests'],
  ['credential.', 'Everything about kubeconfigs'],
  ['kubectl.', 'Everything done with kubectl'],
  ['session.', 'Everything about sign-in'],
] as const

/** The trail's action filters as options of a select. */
export const actionOptions: readonly SelectOption[] = [
  { value: '', label: 'Any' },
  ...families.map(([value, label]) => ({ value, label })),
  ...knownActions.map((action) => ({ value: action, label: actionLabel(action) })),
]
