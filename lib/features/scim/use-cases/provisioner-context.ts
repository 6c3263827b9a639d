/**
 * What the SCIM routes hold once a token was checked. Like CallerContext, it gives them nothing that use cases work with:
 * only the wrappers of provision.ts open it.
 */
import type { ProvisioningContext } from '#lib/kernel/use-case/context.ts'

export class ProvisionerContext {
  readonly tokenId: string
  readonly #ctx: ProvisioningContext

  constructor(ctx: ProvisioningContext) {
    this.tokenId = ctx.provisioner.tokenId
    this.#ctx = ctx
  }

  /** @returns what a use case works with */
  static open(ctx: ProvisionerContext): ProvisioningContext {
    return ctx.#ctx
  }
}
