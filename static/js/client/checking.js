/**
 * What is sealed is read first as its readers will read it. Apart from sealing.js: the form that files a report carries
 * no table of contents, and makes its items so that they read (cards.js).
 */

import { parse } from "../core/contents.js";
import { RuleError } from "../core/errors.js";
import { ClientError } from "./errors.js";

/** Nothing is sealed that its readers would have to show as broken: ClientError("content"), with the compartment.
 * @param {string} kind @param {import("./sealing.js").Piece[]} pieces
 * @param {Record<string, import("../core/contents.js").Parser>} [computed] parsers of the documents that rules compute with */
export function checkPieces(kind, pieces, computed = {}) {
  for (const { comp, name, type, body } of pieces) {
    try {
      parse(kind, comp, { name, type, size: body.length }, body, computed);
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      throw new ClientError("content", { comp });
    }
  }
}
