// Whose a channel is, by its policy: kind ":" office. The twin of whistle/core/offices.py.

export const ZONE = "zone"; // the zone's own office
export const AUTHORITY = "authority";
export const ENTERPRISE = "enterprise";

/** A policy with kind and office; without a colon it is the zone's own, and to spell that out is no move. @param {string} policy @returns {string} */
const spelled = (policy) => (policy.includes(":") ? policy : `authority:${ZONE}`);

/** The office of a channel with this policy. @param {string} policy @returns {string} */
export function officeOf(policy) {
  const whole = spelled(policy);
  return whole.slice(whole.indexOf(":") + 1);
}

/** What kind of office a channel with this policy belongs to. @param {string} policy @returns {string} */
export const kindOf = (policy) => spelled(policy).split(":")[0];

/** Whether a channel with this policy is an authority's. @param {string} policy */
export const isAuthority = (policy) => kindOf(policy) === AUTHORITY;

/** Whether these, of one channel in every directory that lists it, name one office. @param {string[]} policies */
export const isOne = (policies) => new Set(policies.map(spelled)).size <= 1;
