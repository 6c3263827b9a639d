import { expect, test } from 'vitest'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { rulesOfConfiguration } from '#lib/kernel/model/policy/policy-rules.ts'
import { parseForm } from '#lib/web/action/parse-form.ts'
import { changePolicyForm, tryPolicyForm } from './policy-form.ts'

const issuer = 'https://issuer.test'
const sent = (changed: Record<string, string> = {}) => {
  const form = new FormData()
  const fields: Record<string, string> = {
    do: 'save',
    base: '3',
    issuer,
    'rules.spaceLimit': '5',
    'rules.maxSize': 'M',
    'rules.longestSpaceDays': '',
    'rules.longestRoleDays.viewer': '',
    'rules.longestRoleDays.editor': '',
    'rules.longestRoleDays.admin': '',
    'rules.requestExpiryDays': '7',
    'rules.reasonRequired': 'on',
    'rules.exemptGroups': '',
    'rules.roleRequests.deciders.who': 'owner',
    'rules.roleRequests.deciders.group': '',
    'rules.roleRequests.approvals': '1',
    'rules.spaceRequests.deciders.who': 'admins',
    'rules.spaceRequests.deciders.group': '',
    'rules.spaceRequests.approvals': '1',
    'rules.longestCredentialHours': '720',
    'rules.credentialLimit': '',
    'rules.freshSignInHours': '24',
    'rules.groupHours': '24',
    'rules.unseenDays': '',
    reason: 'a test',
    ...changed,
  }
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return form
}
const rules = rulesOfConfiguration({ spaceLimit: 5, maxSize: 'M' })

function fieldsOf(form: FormData): string[] {
  try {
    parseForm(changePolicyForm, form)
    return []
  } catch (error) {
    if (!isAppError(error, 'bad_input')) throw error
    return Object.keys(error.fields)
  }
}

test('the form is parsed into the use case’s input', () => {
  expect(parseForm(changePolicyForm, sent())).toEqual({ base: 3, rules, reason: 'a test' })
  const changed = {
    'rules.longestRoleDays.editor': '30',
    'rules.approvalRoles.admin': 'on',
    'rules.roleRequests.deciders.who': 'group',
    'rules.roleRequests.deciders.group': ' wardens ',
    'rules.roleRequests.approvals': '2',
    'rules.credentialLimit': '3',
    'rules.exemptGroups': ' crew \r\n\r\nteam blue\ncrew',
  }
  expect(parseForm(tryPolicyForm, sent({ ...changed, reason: '' }))).toEqual({
    rules: {
      ...rules,
      longestRoleDays: { viewer: null, editor: 30, admin: null },
      approvalRoles: ['admin'],
      roleRequests: { deciders: { who: 'group', issuer, group: 'wardens' }, approvals: 2 },
      credentialLimit: 3,
      exemptGroups: [
        { issuer, group: 'crew' },
        { issuer, group: 'team blue' },
      ],
    },
  })
})

test.each([
  ['rules.spaceLimit', '1001'],
  ['rules.spaceLimit', '-1'],
  ['rules.spaceLimit', ''],
  ['rules.maxSize', 'XL'],
  ['rules.longestSpaceDays', '0'],
  ['rules.longestRoleDays.admin', '3651'],
  ['rules.requestExpiryDays', '91'],
  ['rules.reasonRequired', 'yes'],
  ['rules.approvalRoles.owner', 'on'],
  ['rules.exemptGroups', Array.from({ length: 51 }, (_, at) => `g${at}`).join('\n')],
  ['rules.exemptGroups', 'crew\na\u202eb'],
  ['rules.roleRequests.approvals', '0'],
  ['rules.roleRequests.approvals', '6'],
  ['rules.spaceRequests.approvals', 'two'],
  ['rules.roleRequests.deciders.who', 'everybody'],
  ['rules.spaceRequests.deciders.who', 'owner'],
  ['rules.longestCredentialHours', '721'],
  ['rules.longestCredentialHours', '0'],
  ['rules.credentialLimit', '0'],
  ['rules.credentialLimit', '501'],
  ['base', '-1'],
  ['reason', 'x'],
  ['rules', '{}'],
])('a wrong %s is an error of that field', (field, value) => {
  expect(fieldsOf(sent({ [field]: value }))).toEqual([field])
})

test('a group that decides needs a name, and the name is ignored where no group decides', () => {
  const who = { 'rules.roleRequests.deciders.who': 'group' }
  expect(fieldsOf(sent(who))).toEqual(['rules.roleRequests.deciders.group'])
  expect(fieldsOf(sent({ ...who, 'rules.roleRequests.deciders.group': 'a\u202eb' }))).toEqual([
    'rules.roleRequests.deciders.group',
  ])
  expect(parseForm(changePolicyForm, sent({ 'rules.roleRequests.deciders.group': 'left over' })).rules).toEqual(rules)
})
