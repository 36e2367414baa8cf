// The one error of the envelope. Its message is a fixed word, never data: a message may end up in a page or a report.

export class EnvelopeError extends Error {
  /** @param {string} code one fixed word */
  constructor(code) {
    super(code);
    this.name = "EnvelopeError";
    this.code = code;
  }
}

/**
 * Stop here: the bytes are not what the specification says.
 * @param {string} code
 * @returns {never}
 */
export function refuse(code) {
  throw new EnvelopeError(code);
}

/**
 * What a library throws tells more than we want told: every failure becomes the one word.
 * @template T
 * @param {string} code
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function orRefuse(code, run) {
  try {
    return await run();
  } catch (error) {
    if (error instanceof EnvelopeError) throw error;
    throw new EnvelopeError(code);
  }
}
