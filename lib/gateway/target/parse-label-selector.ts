/**
 * A label selector of a client's, read and written anew. Must never let through: what is no list of requirements
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors), since it stands beside ours
 * in a request under the gateway's own right.
 */
import { GatewayRefusal } from '#lib/gateway/refusal.ts'

const maxRequirements = 100
const key = String.raw`(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?`
const value = '(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?'
const spaces = String.raw`[ \t]*`
// Blanks may match in one way only: where two could share them, a selector that does not fit is tried without end.
const member = `${spaces}(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?${spaces})?`
/** In the order in which they are tried: a set, a comparison, presence or absence. */
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
 * @returns the requirements, each written the one way; none for an empty selector
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

const refuse = () =>
  new GatewayRefusal('bad_path', 400, "the request's query is not acceptable: its labelSelector can't be read")
