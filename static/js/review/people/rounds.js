/** A round through every case that this reader may see. */

import { getJson } from "../../client/wire.js";
import { signedIn } from "../session.js";

const PAGE = 200;

/** @typedef {{case: string, number: string, state: string, day: string}} Row of the inbox */

/** Page after page. @returns {AsyncGenerator<Row>} */
export async function* everyCase() {
  for (let after = ""; ;) {
    const page = await signedIn(() => getJson(`/api/inbox?${new URLSearchParams({ after, limit: String(PAGE) })}`));
    yield* page.rows;
    after = page.next;
    if (!after) return;
  }
}
