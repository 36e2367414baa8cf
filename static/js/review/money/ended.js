/** An award that does not stand any more: which post took it back. Pure. */

/** @typedef {import("../types.js").Act} Act */
/** @typedef {import("../types.js").Model} Model */

/** Kinds that end a proposal or take an approval back; what an objection upheld leaves has no proposal at all. */
const ENDING = ["award.return", "award.unapprove", "award.cancel", "award.refuse"];

const AWARDING = ["award.propose", "award.approve"];

/** The act that took the newest award back, the last where several did; null while it stands or waits to be approved for
 * the first time.
 * @param {Pick<Model, "acts">} model @returns {Act | null} */
export function endOf({ acts }) {
  const kinds = acts.map(({ kind }) => kind);
  const at = Math.max(...AWARDING.map((kind) => kinds.lastIndexOf(kind)));
  const since = acts.slice(at + 1).filter(({ kind }) => ENDING.includes(kind));
  return since.pop() ?? null;
}

/** The approval that stands. @param {Pick<Model, "acts" | "fold">} model @returns {Act | undefined} */
export const approvalOf = ({ acts, fold }) => acts.find(({ hash }) => hash === fold.approval);
