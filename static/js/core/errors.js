// The refusals of the law-and-money core; twins of whistle/core/errors.py. A message is a fixed sentence.

/** A rule says no. `code` names the rule, `facts` holds what a page needs to word it, never a person. */
export class RuleError extends Error {
  /** @param {string} code @param {Record<string, string | number>} [facts] */
  constructor(code, facts = {}) {
    super(code.replace(/_/g, " "));
    this.name = "RuleError";
    this.code = code;
    this.facts = facts;
  }
}

/**
 * @param {string} code
 * @param {Record<string, string | number>} [facts]
 * @returns {never}
 */
export function refuse(code, facts) {
  throw new RuleError(code, facts);
}
