import type { SubjectAttribute } from '#lib/kernel/model/people/provider.ts'
import { type Attribute, attribute, complex } from './attribute.ts'
import { enterpriseUser } from './urns.ts'

const several = (name: string, description: string, value: string) =>
  complex(
    name,
    description,
    [
      attribute('value', value),
      attribute('display', 'The displayed value.'),
      attribute('type', 'The purpose: work, home or other.'),
      attribute('primary', 'Whether this value is preferred. At most one is.', { type: 'boolean' }),
    ],
    { multiValued: true },
  )

const rest: readonly Attribute[] = [
  complex('name', 'The components of the name.', [
    attribute('formatted', 'The full name.'),
    attribute('familyName', 'The family name.'),
    attribute('givenName', 'The given name.'),
    attribute('middleName', 'The middle name.'),
    attribute('honorificPrefix', 'The title before the name.'),
    attribute('honorificSuffix', 'The suffix of the name.'),
  ]),
  attribute('displayName', 'The display name.'),
  attribute('nickName', 'The nickname.'),
  attribute('profileUrl', 'The URL of the person’s profile.', { type: 'reference', referenceTypes: ['external'] }),
  attribute('title', 'The job title.'),
  attribute('userType', 'The type of employment, such as employee or contractor.'),
  attribute('preferredLanguage', 'The preferred language, in the format of Accept-Language.'),
  attribute('locale', 'For formats.'),
  attribute('timezone', 'The time zone, in the format of the IANA database.'),
  // Always present; true if absent from the request.
  attribute('active', 'Whether the person may use Spaceport. false deactivates them immediately.', {
    type: 'boolean',
    required: true,
  }),
  several('emails', 'Mailing addresses.', 'A mailing address.'),
  several('phoneNumbers', 'Telephone numbers.', 'A telephone number.'),
  complex(
    'addresses',
    'Postal addresses.',
    [
      attribute('formatted', 'The full address.'),
      attribute('streetAddress', 'The street.'),
      attribute('locality', 'The city.'),
      attribute('region', 'The state or region.'),
      attribute('postalCode', 'The postal code.'),
      attribute('country', 'The country.'),
      attribute('type', 'The purpose: work, home or other.'),
      attribute('primary', 'Whether this value is preferred. At most one is.', { type: 'boolean' }),
    ],
    { multiValued: true },
  ),
  complex(
    'groups',
    'The person’s groups. To change them, change the groups.',
    [
      attribute('value', 'The id of the group.', { mutability: 'readOnly' }),
      attribute('$ref', 'Its address.', { mutability: 'readOnly', type: 'reference', referenceTypes: ['Group'] }),
      attribute('display', 'Its name.', { mutability: 'readOnly' }),
      attribute('type', 'direct.', { mutability: 'readOnly' }),
    ],
    { multiValued: true, mutability: 'readOnly' },
  ),
]

/** The attribute that holds the subject can't change. */
const identifiers = (subject: SubjectAttribute): readonly Attribute[] => [
  attribute('userName', 'The name that the person signs in with. Unique, case-insensitive.', {
    required: true,
    uniqueness: 'server',
    ...(subject === 'userName' && { mutability: 'immutable' }),
  }),
  attribute('externalId', 'The provider’s id for the person.', {
    caseExact: true,
    uniqueness: 'server',
    ...(subject === 'externalId' && { mutability: 'immutable', required: true }),
  }),
]

const tables: Record<SubjectAttribute, readonly Attribute[]> = {
  externalId: [...identifiers('externalId'), ...rest],
  userName: [...identifiers('userName'), ...rest],
}

/** @returns the attributes of a user (RFC 7643, section 4.1) that are stored */
export const userAttributes = (subject: SubjectAttribute): readonly Attribute[] => tables[subject]

/** RFC 7643, section 4.3. */
export const enterpriseAttributes: readonly Attribute[] = [
  attribute('employeeNumber', 'The employee number.'),
  attribute('costCenter', 'The cost center.'),
  attribute('organization', 'The organization.'),
  attribute('division', 'The division.'),
  attribute('department', 'The department.'),
  complex('manager', 'The manager.', [
    attribute('value', 'The id of the manager.'),
    attribute('displayName', 'The manager’s name.', { mutability: 'readOnly' }),
  ]),
]

/** The extension as an attribute. Its name is its URN, which is also the key of its stored values. */
export const enterprise: Attribute = complex(enterpriseUser, 'Enterprise attributes.', enterpriseAttributes)

/** Known to the schema (RFC 7643, section 4.1), but neither stored nor refused. A password must never be stored. */
export const ignoredAttributes: readonly string[] = [
  'password',
  'ims',
  'photos',
  'entitlements',
  'roles',
  'x509Certificates',
]
