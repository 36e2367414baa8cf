/** The one error of the client; the pages word its codes. The twin of whistle/client/errors.py. */

/** Something was refused, by the door or by this client's own checks. */
export class ClientError extends Error {
  /**
   * @param {string} code one of the API's codes, or "offline", or "receipt": the door says that a post is stored, and does not prove it
   * @param {Record<string, any>} [facts] public facts by name, of the code's own kind; never a person's words @param {number} [status] of the door's answer
   */
  constructor(code, facts = {}, status = 0) {
    super(code);
    this.code = code;
    this.facts = facts;
    this.status = status;
  }
}
