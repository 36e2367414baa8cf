/** The place for files: comes once the words are filed, or a case is open. */

import { openEvidence } from "./evidence/start.js";
import { offer } from "../bring.js";

offer("evidence", openEvidence);
