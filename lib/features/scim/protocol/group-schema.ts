import { type Attribute, attribute, complex } from './attribute.ts'

/** The attributes of a group (RFC 7643, section 4.2). */
export const groupAttributes: readonly Attribute[] = [
  attribute('displayName', 'The name of the group, which roles refer to. Unique, case-insensitive.', {
    required: true,
    uniqueness: 'server',
  }),
  complex(
    'members',
    'The members of the group. Groups can’t contain groups.',
    [
      attribute('value', 'The id of the user.', { mutability: 'immutable' }),
      attribute('$ref', 'Their address.', { type: 'reference', referenceTypes: ['User'], mutability: 'immutable' }),
      attribute('type', 'User.', { mutability: 'immutable', canonicalValues: ['User'] }),
    ],
    { multiValued: true },
  ),
]
