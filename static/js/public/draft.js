/** A report put aside: comes when she asks for it, or when one lies on this phone. */

import { offer } from "../bring.js";
import { openDraft } from "./draft/start.js";

offer("draft", openDraft);
