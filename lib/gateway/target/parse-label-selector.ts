/**
 * Parses a client's label selector and renders it again. Must never let through anything but a list of requirements
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors), because it is joined
 * with the gateway's own in a request with the gateway's rights.
 */
import { GatewayRefusal } from '#lib/gateway/refusal.ts'

const maxRequirements = 100
const key = String.raw`(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?`
const value = '(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?'
const spaces = String.raw`[ \t]*`
// Blanks must match in only one way: if two parts could share them, a bad selector would backtrack exponentially.
const member = `${spaces}(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?${spaces})?`
/** In the order they are tried: a set, equality, order, presence or absence. */
const requirement = new RegExp(
  [
    String.raw`${spaces}(${key})[ \t]+(in|notin)${spaces}\((${member}(?:,${member})*)\)${spaces}`,
    `${spaces}(${key})${spaces}(==|=|!=)${spaces}(${value})${spaces}`,
    String.raw`${spaces}(${key})${spaces}(>|<)${spaces}(\d{1,19})${spaces}`,
    `${spaces}(?:(!)${spaces})?(${key})${spaces}`,
  ].join('|'),
  'y',
)

/**
 * @returns the requirements, each in canonical form; none for an empty selector
 * @throws GatewayRefusal bad_path
 */
export function parseLabelSelector(selector: string): string[] {
  if (selector.trim() === '') return []
  const requirements: string[] = []
  let at = 0
  do {
    requirement.lastIndex = at
    const found = requirement.exec(selector)
    if (!found || requirements.length >= maxRequirements) throw refuse()
    const [, setKey, inOrNot, members, equalKey, equal, equalTo, orderKey, order, bound, not, presentKey] = found
    requirements.push(
      setKey !== undefined
        ? `${setKey} ${inOrNot} (${(members ?? '').split(',').map((member) => member.trim())})`
        : equalKey !== undefined
          ? `${equalKey}${equal}${equalTo}`
          : orderKey !== undefined
            ? `${orderKey}${order}${bound}`
            : `${not ?? ''}${presentKey}`,
    )
    at = requirement.lastIndex
  } while (selector[at] === ',' && ++at)
  if (at !== selector.length) throw refuse()
  return requirements
}

const refuse = () => new GatewayRefusal('bad_path', 400, 'invalid query: cannot parse labelSelector')
