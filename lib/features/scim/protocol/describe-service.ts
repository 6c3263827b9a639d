/** The service's self-description (RFC 7643, sections 5 to 7; RFC 7644, section 4). */
import type { SubjectAttribute } from '#lib/kernel/model/people/provider.ts'
import type { Attribute } from './attribute.ts'
import { groupAttributes } from './group-schema.ts'
import { maxPage } from './parse-query.ts'
import * as urns from './urns.ts'
import { enterpriseAttributes, userAttributes } from './user-schema.ts'

type Described = Readonly<Record<string, unknown>> & { id?: string }

const meta = (resourceType: string, location: string) => ({ resourceType, location })

export const describeService = (base: string): Described => ({
  schemas: [urns.serviceProviderConfig],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: maxPage },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer token',
      description: 'A token that a platform admin creates on the Provisioning page.',
      specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
      primary: true,
    },
  ],
  meta: meta('ServiceProviderConfig', `${base}/ServiceProviderConfig`),
})

export const describeResourceTypes = (base: string): Described[] => [
  {
    schemas: [urns.resourceType],
    id: 'User',
    name: 'User',
    description: 'A person.',
    endpoint: '/Users',
    schema: urns.coreUser,
    schemaExtensions: [{ schema: urns.enterpriseUser, required: false }],
    meta: meta('ResourceType', `${base}/ResourceTypes/User`),
  },
  {
    schemas: [urns.resourceType],
    id: 'Group',
    name: 'Group',
    description: 'A group of people that can be given roles.',
    endpoint: '/Groups',
    schema: urns.coreGroup,
    meta: meta('ResourceType', `${base}/ResourceTypes/Group`),
  },
]

export const describeSchemas = (base: string, subject: SubjectAttribute): Described[] => [
  schema(base, urns.coreUser, { name: 'User', description: 'A person.', attributes: userAttributes(subject) }),
  schema(base, urns.enterpriseUser, {
    name: 'EnterpriseUser',
    description: 'Enterprise attributes of a person.',
    attributes: enterpriseAttributes,
  }),
  schema(base, urns.coreGroup, { name: 'Group', description: 'A group of people.', attributes: groupAttributes }),
]

const schema = (
  base: string,
  id: string,
  { attributes, ...metadata }: { name: string; description: string; attributes: readonly Attribute[] },
): Described => ({
  schemas: [urns.schema],
  id,
  ...metadata,
  attributes: attributes.map(describeAttribute),
  meta: meta('Schema', `${base}/Schemas/${id}`),
})

const describeAttribute = ({ subAttributes, ...attribute }: Attribute): Described => ({
  ...attribute,
  returned: 'default',
  ...(subAttributes && { subAttributes: subAttributes.map(describeAttribute) }),
})
