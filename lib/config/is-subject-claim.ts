/** Claims that the person or an admin can change or reassign, and claims about the token rather than the person. */
const unfit = [
  ...['upn', 'name', 'fullname', 'givenname', 'firstname', 'familyname', 'lastname', 'middlename', 'nickname', 'login'],
  ...[
    'displayname',
    'surname',
    'uniquename',
    'commonname',
    'samaccountname',
    'onpremsamaccountname',
    'profile',
    'picture',
  ],
  ...[
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'address',
    'updatedat',
    'department',
    'title',
    'loginhint',
  ],
  ...[
    'iss',
    'aud',
    'azp',
    'exp',
    'iat',
    'nbf',
    'jti',
    'sid',
    'nonce',
    'acr',
    'amr',
    'authtime',
    'athash',
    'chash',
    'typ',
  ],
  ...['tid', 'idp', 'ver', 'uti', 'rh', 'aio', 'scp', 'scope', 'appid', 'ipaddr', 'groups', 'roles', 'wids', 'hd'],
]

/**
 * @returns whether a claim may identify people (OIDC_SUBJECT_CLAIM): `sub`, `oid` or one of the operator's own, but
 * none that is known to change, such as an email address (OpenID Connect Core 1.0, section 5.7), also below a
 * namespace
 */
export function isSubjectClaim(name: string): boolean {
  if (!/^[\x21-\x7e]{1,200}$/.test(name)) return false
  const last = (name.split(/[/:.#]/).at(-1) ?? '').toLowerCase().replaceAll(/[-_]/g, '')
  return last !== '' && !unfit.includes(last) && !/mail|username|phone|principalname/.test(last)
}
