import type { SubjectAttribute } from '#lib/kernel/model/people/provider.ts'
import { type Attribute, attribute, complex } from './attribute.ts'
import { enterpriseUser } from './urns.ts'

const several = (name: string, description: string, value: string) =>
  complex(
    name,
    description,
    [
      attribute('value', value),
      attribute('display', 'As it is shown.'),
      attribute('type', 'What it is for: work, home, other.'),
      attribute('primary', 'Whether it is the preferred one: at most one is.', { type: 'boolean' }),
    ],
    { multiValued: true },
  )

const rest: readonly Attribute[] = [
  complex('name', 'The parts of the name.', [
    attribute('formatted', 'The whole name.'),
    attribute('familyName', 'The family name.'),
    attribute('givenName', 'The given name.'),
    attribute('middleName', 'The middle name.'),
    attribute('honorificPrefix', 'The title before the name.'),
    attribute('honorificSuffix', 'What follows the name.'),
  ]),
  attribute('displayName', 'The name as it is shown.'),
  attribute('nickName', 'The casual name.'),
  attribute('profileUrl', 'A page about the person.', { type: 'reference', referenceTypes: ['external'] }),
  attribute('title', 'The job title.'),
  attribute('userType', 'Employee, contractor, and so on.'),
  attribute('preferredLanguage', 'As in Accept-Language.'),
  attribute('locale', 'For formats.'),
  attribute('timezone', 'In the form of the IANA database.'),
  // Always there, and true where nothing is said.
  attribute('active', 'Whether the person may use Spaceport. false shuts them out at once.', {
    type: 'boolean',
    required: true,
  }),
  several('emails', 'Addresses of mail.', 'An address of mail.'),
  several('phoneNumbers', 'Telephone numbers.', 'A telephone number.'),
  complex(
    'addresses',
    'Postal addresses.',
    [
      attribute('formatted', 'The whole address.'),
      attribute('streetAddress', 'The street.'),
      attribute('locality', 'The city.'),
      attribute('region', 'The state or region.'),
      attribute('postalCode', 'The postal code.'),
      attribute('country', 'The country.'),
      attribute('type', 'What it is for: work, home, other.'),
      attribute('primary', 'Whether it is the preferred one: at most one is.', { type: 'boolean' }),
    ],
    { multiValued: true },
  ),
  complex(
    'groups',
    'The groups that the person is in: change the groups instead.',
    [
      attribute('value', 'The id of the group.', { mutability: 'readOnly' }),
      attribute('$ref', 'Its address.', { mutability: 'readOnly', type: 'reference', referenceTypes: ['Group'] }),
      attribute('display', 'Its name.', { mutability: 'readOnly' }),
      attribute('type', 'direct.', { mutability: 'readOnly' }),
    ],
    { multiValued: true, mutability: 'readOnly' },
  ),
]

/** The one that says who the person is never changes. */
const identifiers = (subject: SubjectAttribute): readonly Attribute[] => [
  attribute('userName', 'The name that the person signs in with. Unique, whatever its case.', {
    required: true,
    uniqueness: 'server',
    ...(subject === 'userName' && { mutability: 'immutable' }),
  }),
  attribute('externalId', 'The provider’s id of the person.', {
    caseExact: true,
    uniqueness: 'server',
    ...(subject === 'externalId' && { mutability: 'immutable', required: true }),
  }),
]

const tables: Record<SubjectAttribute, readonly Attribute[]> = {
  externalId: [...identifiers('externalId'), ...rest],
  userName: [...identifiers('userName'), ...rest],
}

/** @returns the attributes of a user (RFC 7643, section 4.1) that are kept */
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

/** The extension as an attribute: its name is its URN, with which its values are kept. */
export const enterprise: Attribute = complex(enterpriseUser, 'What a company knows.', enterpriseAttributes)

/** Known to the schema (RFC 7643, section 4.1), and neither kept nor refused. A password must never be. */
export const ignoredAttributes: readonly string[] = [
  'password',
  'ims',
  'photos',
  'entitlements',
  'roles',
  'x509Certificates',
]
